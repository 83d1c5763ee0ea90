-- Kinds of unit that report on an item in rounds of their own, as a JSON list of
-- kind=profile (kindergarten=quarterly). Empty: all in the item's.
-- MySQL knows no ADD COLUMN IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `items` ADD COLUMN `by_kind` VARCHAR(255) NOT NULL DEFAULT ''''')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'items' AND column_name = 'by_kind');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `items` DROP COLUMN `by_kind`;
