-- Files by age, to delete those whose time is over.

-- +goose Up
CREATE INDEX IF NOT EXISTS `files_age` ON `files` (`state`, `created_at`);

-- +goose Down
DROP INDEX `files_age`;
