-- Where a hazard comes from when nobody wrote it to the robot: an inspection, or the
-- page behind a code.

-- +goose Up
ALTER TABLE `hazards` ADD COLUMN `origin` TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE `hazards` DROP COLUMN `origin`;
