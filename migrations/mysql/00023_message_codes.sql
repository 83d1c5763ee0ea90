-- The platform's own code for why a message was refused, for the operator.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `messages` ADD COLUMN `code` VARCHAR(64) NOT NULL DEFAULT ''''')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'code');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `messages` DROP COLUMN `code`;
