-- The chain over the history: each committed line gets a seal, in an order of the
-- seals' own, and one row remembers where the chain ends. See docs/adr/0010.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `seals` (
  `seal` BIGINT NOT NULL PRIMARY KEY,
  `line_id` BIGINT NOT NULL DEFAULT 0,
  `prev` CHAR(64) NOT NULL DEFAULT '',
  `hash` CHAR(64) NOT NULL DEFAULT '',
  UNIQUE KEY `seals_line` (`line_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `seal_head` (
  `id` BIGINT NOT NULL PRIMARY KEY,
  `seal` BIGINT NOT NULL DEFAULT 0,
  `hash` CHAR(64) NOT NULL DEFAULT '',
  `floor_id` BIGINT NOT NULL DEFAULT 0,
  `mark_id` BIGINT NOT NULL DEFAULT 0,
  `mark_at` BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `seal_head`;
DROP TABLE IF EXISTS `seals`;
