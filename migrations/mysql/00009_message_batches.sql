-- What messages of equal words share, so that they can leave together.
-- Empty: the message always leaves alone.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `messages` ADD COLUMN `batch` VARCHAR(32) NOT NULL DEFAULT '''', ADD KEY `messages_batch` (`batch`, `state`, `next_at`)')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'messages' AND column_name = 'batch');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `messages` DROP KEY `messages_batch`, DROP COLUMN `batch`;
