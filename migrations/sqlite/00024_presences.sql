-- What platforms told of their members: when a user id left, was hidden from the app and
-- was last here, each as the latest time, so that events may come late and twice. An
-- account that is closed until its person is here again rests in the same row.

-- +goose Up
CREATE TABLE IF NOT EXISTS `presences` (
  `platform` TEXT NOT NULL DEFAULT '',
  `corp` TEXT NOT NULL DEFAULT '',
  `user_id` TEXT NOT NULL DEFAULT '',
  `left_at` INTEGER NOT NULL DEFAULT 0,
  `hidden_at` INTEGER NOT NULL DEFAULT 0,
  `here_at` INTEGER NOT NULL DEFAULT 0,
  `person_id` TEXT NOT NULL DEFAULT '',
  `bound_at` INTEGER NOT NULL DEFAULT 0,
  `seen_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`)
);

-- +goose Down
DROP TABLE IF EXISTS `presences`;
