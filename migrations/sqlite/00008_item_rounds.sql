-- Kinds of unit that report on an item in rounds of their own, as a JSON list of
-- kind=profile (kindergarten=quarterly). Empty: all in the item's.

-- +goose Up
ALTER TABLE `items` ADD COLUMN `by_kind` TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE `items` DROP COLUMN `by_kind`;
