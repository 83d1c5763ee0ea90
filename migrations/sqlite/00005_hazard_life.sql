-- What happens to a hazard between signing and closing; a table of its own, so
-- that the migration may run twice.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_lives` (
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `graded_at` INTEGER NOT NULL DEFAULT 0,
  `graded_by` TEXT NOT NULL DEFAULT '',
  `control` TEXT NOT NULL DEFAULT '',
  `controlled_at` INTEGER NOT NULL DEFAULT 0,
  `blocked` TEXT NOT NULL DEFAULT '',
  `helped_at` INTEGER NOT NULL DEFAULT 0,
  `eta` TEXT NOT NULL DEFAULT '',
  `fixed_at` INTEGER NOT NULL DEFAULT 0,
  `fixed_by` TEXT NOT NULL DEFAULT '',
  `fix_day` TEXT NOT NULL DEFAULT '',
  `fix_note` TEXT NOT NULL DEFAULT '',
  `reviewed_at` INTEGER NOT NULL DEFAULT 0,
  `reviewed_by` TEXT NOT NULL DEFAULT '',
  `review_note` TEXT NOT NULL DEFAULT '',
  `self_reviewed` INTEGER NOT NULL DEFAULT 0,
  `closed_at` INTEGER NOT NULL DEFAULT 0,
  `closed_by` TEXT NOT NULL DEFAULT '',
  `merged_into` INTEGER NOT NULL DEFAULT 0,
  `listed_at` INTEGER NOT NULL DEFAULT 0,
  `reopened` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`)
);

-- +goose Down
DROP TABLE IF EXISTS `hazard_lives`;
