-- What a picture shows (before, control, after, check), its perceptual hash and
-- size, and when its bytes were last seen in their place.

-- +goose Up
ALTER TABLE `files` ADD COLUMN `stage` TEXT NOT NULL DEFAULT '';
ALTER TABLE `files` ADD COLUMN `hash` INTEGER NOT NULL DEFAULT 0;
ALTER TABLE `files` ADD COLUMN `width` INTEGER NOT NULL DEFAULT 0;
ALTER TABLE `files` ADD COLUMN `height` INTEGER NOT NULL DEFAULT 0;
ALTER TABLE `files` ADD COLUMN `seen_at` INTEGER NOT NULL DEFAULT 0;
CREATE INDEX `files_seen` ON `files` (`state`, `seen_at`);
CREATE INDEX `files_content` ON `files` (`home`, `sha256`);

-- +goose Down
DROP INDEX `files_content`;
DROP INDEX `files_seen`;
ALTER TABLE `files` DROP COLUMN `seen_at`;
ALTER TABLE `files` DROP COLUMN `height`;
ALTER TABLE `files` DROP COLUMN `width`;
ALTER TABLE `files` DROP COLUMN `hash`;
ALTER TABLE `files` DROP COLUMN `stage`;
