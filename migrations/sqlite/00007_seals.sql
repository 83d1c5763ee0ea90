-- The chain over the history: each committed line gets a seal, in an order of the
-- seals' own, and one row remembers where the chain ends. See docs/adr/0010.

-- +goose Up
CREATE TABLE IF NOT EXISTS `seals` (
  `seal` INTEGER PRIMARY KEY,
  `line_id` INTEGER NOT NULL DEFAULT 0,
  `prev` TEXT NOT NULL DEFAULT '',
  `hash` TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS `seals_line` ON `seals` (`line_id`);

CREATE TABLE IF NOT EXISTS `seal_head` (
  `id` INTEGER PRIMARY KEY,
  `seal` INTEGER NOT NULL DEFAULT 0,
  `hash` TEXT NOT NULL DEFAULT '',
  `floor_id` INTEGER NOT NULL DEFAULT 0,
  `mark_id` INTEGER NOT NULL DEFAULT 0,
  `mark_at` INTEGER NOT NULL DEFAULT 0
);

-- +goose Down
DROP TABLE IF EXISTS `seal_head`;
DROP TABLE IF EXISTS `seals`;
