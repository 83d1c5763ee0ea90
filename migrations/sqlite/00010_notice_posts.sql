-- The post for which a notice waits: it goes to whoever holds it when it is told.
-- Empty: it is the person's own.

-- +goose Up
ALTER TABLE `notices` ADD COLUMN `post_id` TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE `notices` DROP COLUMN `post_id`;
