-- Checklists (检查清单), what units said about them, and what drills came to.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `checklists` (
  `id` TEXT NOT NULL DEFAULT '',
  `name` TEXT NOT NULL DEFAULT '',
  `aliases` TEXT NOT NULL,
  `place` TEXT NOT NULL DEFAULT '',
  `rhythm` TEXT NOT NULL DEFAULT '',
  `entries` TEXT NOT NULL,
  `unit_ids` TEXT NOT NULL,
  `zero_report` INTEGER NOT NULL DEFAULT 0,
  `active` INTEGER NOT NULL DEFAULT 0,
  `sort_no` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);

CREATE TABLE IF NOT EXISTS `inspections` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `list_id` TEXT NOT NULL DEFAULT '',
  `period` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `from_day` TEXT NOT NULL DEFAULT '',
  `to_day` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `platform` TEXT NOT NULL DEFAULT '',
  `said_at` INTEGER NOT NULL DEFAULT 0,
  `entry_count` INTEGER NOT NULL DEFAULT 0,
  `fine` INTEGER NOT NULL DEFAULT 0,
  `found` TEXT NOT NULL,
  `version` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `inspections_once` ON `inspections` (`list_id`, `period`, `unit_id`);
CREATE INDEX IF NOT EXISTS `inspections_unit` ON `inspections` (`unit_id`, `to_day`);

CREATE TABLE IF NOT EXISTS `drills` (
  `report_id` INTEGER NOT NULL DEFAULT 0,
  `assignment_id` INTEGER NOT NULL DEFAULT 0,
  `held_on` TEXT NOT NULL DEFAULT '',
  `people` INTEGER NOT NULL DEFAULT 0,
  `seconds` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`report_id`)
);
CREATE INDEX IF NOT EXISTS `drills_work` ON `drills` (`assignment_id`);

-- +goose Down
DROP TABLE IF EXISTS `drills`;
DROP TABLE IF EXISTS `inspections`;
DROP TABLE IF EXISTS `checklists`;
