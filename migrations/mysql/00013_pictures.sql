-- What a picture shows (before, control, after, check), its perceptual hash and
-- size, and when its bytes were last seen in their place.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `files` ADD COLUMN `stage` VARCHAR(16) NOT NULL DEFAULT '''', ADD COLUMN `hash` BIGINT NOT NULL DEFAULT 0, ADD COLUMN `width` INT NOT NULL DEFAULT 0, ADD COLUMN `height` INT NOT NULL DEFAULT 0, ADD COLUMN `seen_at` BIGINT NOT NULL DEFAULT 0, ADD KEY `files_seen` (`state`, `seen_at`), ADD KEY `files_content` (`home`, `sha256`)')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'files' AND column_name = 'stage');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `files` DROP KEY `files_content`, DROP KEY `files_seen`, DROP COLUMN `seen_at`, DROP COLUMN `height`, DROP COLUMN `width`, DROP COLUMN `hash`, DROP COLUMN `stage`;
