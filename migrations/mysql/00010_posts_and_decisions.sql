-- The post for which a notice waits: it goes to whoever holds it when it is told.
-- Empty: it is the person's own.
-- Where an item's leader and its performers come from, as due_source says of its date.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `notices` ADD COLUMN `post_id` VARCHAR(64) NOT NULL DEFAULT ''''')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'notices' AND column_name = 'post_id');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `items` ADD COLUMN `lead_source` VARCHAR(16) NOT NULL DEFAULT '''', ADD COLUMN `audience_source` VARCHAR(16) NOT NULL DEFAULT ''''')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'items' AND column_name = 'lead_source');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `items` DROP COLUMN `audience_source`, DROP COLUMN `lead_source`;
ALTER TABLE `notices` DROP COLUMN `post_id`;
