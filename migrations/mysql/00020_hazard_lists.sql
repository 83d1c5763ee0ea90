-- Lists and figures of hazards that stay quick among hundreds of thousands: the newest
-- of all, of a category, of a grade; and what figures count, without reading the rows.
-- MySQL knows no ADD KEY IF NOT EXISTS, and this may run twice.

-- +goose NO TRANSACTION
-- +goose Up
SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `hazards` ADD KEY `hazards_newest` (`created_at`), ADD KEY `hazards_category` (`category`, `created_at`), ADD KEY `hazards_level` (`level`, `created_at`), ADD KEY `hazards_figures` (`unit_id`, `category`, `level`, `state`, `fix_due`, `created_at`)')
  FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'hazards' AND index_name = 'hazards_newest');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `hazards` DROP KEY `hazards_figures`, DROP KEY `hazards_level`, DROP KEY `hazards_category`, DROP KEY `hazards_newest`;
