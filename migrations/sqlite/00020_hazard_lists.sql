-- Lists and figures of hazards that stay quick among hundreds of thousands: the newest
-- of all, of a category, of a grade; and what figures count, without reading the rows.

-- +goose Up
CREATE INDEX `hazards_newest` ON `hazards` (`created_at`);
CREATE INDEX `hazards_category` ON `hazards` (`category`, `created_at`);
CREATE INDEX `hazards_level` ON `hazards` (`level`, `created_at`);
CREATE INDEX `hazards_figures` ON `hazards` (`unit_id`, `category`, `level`, `state`, `fix_due`, `created_at`);

-- +goose Down
DROP INDEX `hazards_figures`;
DROP INDEX `hazards_level`;
DROP INDEX `hazards_category`;
DROP INDEX `hazards_newest`;
