-- Collections that repeat an earlier one and were wanted nevertheless (domain:
-- never asked twice), and indexes for what digests and leaders' mornings count.

-- +goose Up
CREATE TABLE IF NOT EXISTS `repeats` (
  `item_id` INTEGER PRIMARY KEY,
  `repeats_id` INTEGER NOT NULL DEFAULT 0,
  `decided_by` TEXT NOT NULL DEFAULT '',
  `decided_at` INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS `hazard_lives_closed` ON `hazard_lives` (`closed_at`);
CREATE INDEX IF NOT EXISTS `hazard_lives_helped` ON `hazard_lives` (`helped_at`);

-- +goose Down
DROP INDEX `hazard_lives_helped`;
DROP INDEX `hazard_lives_closed`;
DROP TABLE IF EXISTS `repeats`;
