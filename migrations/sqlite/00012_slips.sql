-- Supervision slips (督办单) and the units' receipts for them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `slips` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `year` INTEGER NOT NULL DEFAULT 0,
  `seq` INTEGER NOT NULL DEFAULT 0,
  `subject_kind` TEXT NOT NULL DEFAULT '',
  `subject_id` INTEGER NOT NULL DEFAULT 0,
  `unit_id` TEXT NOT NULL DEFAULT '',
  `section_id` TEXT NOT NULL DEFAULT '',
  `colour` TEXT NOT NULL DEFAULT '',
  `level` TEXT NOT NULL DEFAULT '',
  `issued_by` TEXT NOT NULL DEFAULT '',
  `issued_at` INTEGER NOT NULL DEFAULT 0,
  `receipt_due` TEXT NOT NULL DEFAULT '',
  `once_key` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `answered_at` INTEGER NOT NULL DEFAULT 0,
  `answered_by` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL,
  `eta` TEXT NOT NULL DEFAULT '',
  `version` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `slips_number` ON `slips` (`year`, `seq`);
CREATE UNIQUE INDEX IF NOT EXISTS `slips_once` ON `slips` (`once_key`);
CREATE INDEX IF NOT EXISTS `slips_unit` ON `slips` (`unit_id`);
CREATE INDEX IF NOT EXISTS `slips_section` ON `slips` (`section_id`);

-- +goose Down
DROP TABLE IF EXISTS `slips`;
