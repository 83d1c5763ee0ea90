-- The post for which a notice waits: it goes to whoever holds it when it is told.
-- Empty: it is the person's own.
-- Where an item's leader and its performers come from, as due_source says of its date.

-- +goose Up
ALTER TABLE `notices` ADD COLUMN `post_id` TEXT NOT NULL DEFAULT '';
ALTER TABLE `items` ADD COLUMN `lead_source` TEXT NOT NULL DEFAULT '';
ALTER TABLE `items` ADD COLUMN `audience_source` TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE `items` DROP COLUMN `audience_source`;
ALTER TABLE `items` DROP COLUMN `lead_source`;
ALTER TABLE `notices` DROP COLUMN `post_id`;
