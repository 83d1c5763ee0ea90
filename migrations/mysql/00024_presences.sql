-- What platforms told of their members: when a user id left, was hidden from the app and
-- was last here, each as the latest time, so that events may come late and twice. An
-- account that is closed until its person is here again rests in the same row.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `presences` (
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `corp` VARCHAR(64) NOT NULL DEFAULT '',
  `user_id` VARCHAR(64) NOT NULL DEFAULT '',
  `left_at` BIGINT NOT NULL DEFAULT 0,
  `hidden_at` BIGINT NOT NULL DEFAULT 0,
  `here_at` BIGINT NOT NULL DEFAULT 0,
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `bound_at` BIGINT NOT NULL DEFAULT 0,
  `seen_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `presences`;
