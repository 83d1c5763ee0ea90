-- Collections that repeat an earlier one and were wanted nevertheless (domain:
-- never asked twice), and indexes for what digests and leaders' mornings count.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `repeats` (
  `item_id` BIGINT NOT NULL,
  `repeats_id` BIGINT NOT NULL DEFAULT 0,
  `decided_by` VARCHAR(64) NOT NULL DEFAULT '',
  `decided_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`item_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `hazard_lives` ADD KEY `hazard_lives_closed` (`closed_at`), ADD KEY `hazard_lives_helped` (`helped_at`)')
  FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'hazard_lives' AND index_name = 'hazard_lives_closed');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `hazard_lives` DROP KEY `hazard_lives_helped`, DROP KEY `hazard_lives_closed`;
DROP TABLE IF EXISTS `repeats`;
