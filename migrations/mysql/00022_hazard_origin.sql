-- Where a hazard comes from when nobody wrote it to the robot: an inspection, or the
-- page behind a code.
-- MySQL commits at each statement, so this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE `hazards` ADD COLUMN `origin` VARCHAR(16) NOT NULL DEFAULT ''''')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'hazards' AND column_name = 'origin');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `hazards` DROP COLUMN `origin`;
