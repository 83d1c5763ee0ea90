-- Files by age, to delete those whose time is over.
-- MySQL knows no CREATE INDEX IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE `files` ADD KEY `files_age` (`state`, `created_at`)')
  FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'files' AND index_name = 'files_age');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `files` DROP KEY `files_age`;
