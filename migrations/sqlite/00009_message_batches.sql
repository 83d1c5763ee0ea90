-- What messages of equal words share, so that they can leave together.
-- Empty: the message always leaves alone.

-- +goose Up
ALTER TABLE `messages` ADD COLUMN `batch` TEXT NOT NULL DEFAULT '';
CREATE INDEX `messages_batch` ON `messages` (`batch`, `state`, `next_at`);

-- +goose Down
DROP INDEX `messages_batch`;
ALTER TABLE `messages` DROP COLUMN `batch`;
