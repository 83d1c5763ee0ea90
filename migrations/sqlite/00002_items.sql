-- Supervised items and each unit's part of them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `policies` (
  `version` INTEGER NOT NULL DEFAULT 0,
  `body` TEXT NOT NULL,
  `digest` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`version`)
);

CREATE TABLE IF NOT EXISTS `terms` (
  `id` TEXT NOT NULL DEFAULT '',
  `term` TEXT NOT NULL DEFAULT '',
  `at_codes` TEXT NOT NULL,
  `meaning` TEXT NOT NULL,
  `source` TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
);

CREATE TABLE IF NOT EXISTS `items` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `year` INTEGER NOT NULL DEFAULT 0,
  `code` TEXT NOT NULL DEFAULT '',
  `point` INTEGER NOT NULL DEFAULT 0,
  `point_title` TEXT NOT NULL DEFAULT '',
  `descr` TEXT NOT NULL,
  `kind` TEXT NOT NULL DEFAULT '',
  `figures` TEXT NOT NULL,
  `metric_op` TEXT NOT NULL DEFAULT '',
  `metric_target` REAL NOT NULL DEFAULT 0,
  `metric_unit` TEXT NOT NULL DEFAULT '',
  `every` TEXT NOT NULL DEFAULT '',
  `due` TEXT NOT NULL DEFAULT '',
  `due_source` TEXT NOT NULL DEFAULT '',
  `due_text` TEXT NOT NULL DEFAULT '',
  `lead_id` TEXT NOT NULL DEFAULT '',
  `assist_ids` TEXT NOT NULL,
  `audience` TEXT NOT NULL DEFAULT '',
  `profile` TEXT NOT NULL DEFAULT '',
  `privacy` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `confirmed_at` INTEGER NOT NULL DEFAULT 0,
  `confirmed_by` TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS `items_code` ON `items` (`year`, `code`);
CREATE INDEX IF NOT EXISTS `items_state` ON `items` (`state`, `due`);

CREATE TABLE IF NOT EXISTS `assignments` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `item_id` INTEGER NOT NULL DEFAULT 0,
  `unit_id` TEXT NOT NULL DEFAULT '',
  `part` TEXT NOT NULL DEFAULT '',
  `period` TEXT NOT NULL DEFAULT '',
  `opens` TEXT NOT NULL DEFAULT '',
  `due` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `status` TEXT NOT NULL DEFAULT '',
  `percent` REAL NOT NULL DEFAULT 0,
  `value` REAL NULL,
  `note` TEXT NOT NULL,
  `eta` TEXT NOT NULL DEFAULT '',
  `evidence` TEXT NOT NULL DEFAULT '',
  `assigned_at` INTEGER NOT NULL DEFAULT 0,
  `signed_at` INTEGER NOT NULL DEFAULT 0,
  `reported_at` INTEGER NOT NULL DEFAULT 0,
  `closed_at` INTEGER NOT NULL DEFAULT 0,
  `version` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `assignments_once` ON `assignments` (`item_id`, `unit_id`, `period`);
CREATE INDEX IF NOT EXISTS `assignments_unit` ON `assignments` (`unit_id`, `state`, `due`);
CREATE INDEX IF NOT EXISTS `assignments_due` ON `assignments` (`state`, `due`);

CREATE TABLE IF NOT EXISTS `reports` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `assignment_id` INTEGER NOT NULL DEFAULT 0,
  `person_id` TEXT NOT NULL DEFAULT '',
  `platform` TEXT NOT NULL DEFAULT '',
  `at` INTEGER NOT NULL DEFAULT 0,
  `status` TEXT NOT NULL DEFAULT '',
  `percent` REAL NULL,
  `value` REAL NULL,
  `note` TEXT NOT NULL,
  `eta` TEXT NOT NULL DEFAULT '',
  `files` INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS `reports_assignment` ON `reports` (`assignment_id`, `at`);

-- +goose Down
DROP TABLE IF EXISTS `reports`;
DROP TABLE IF EXISTS `assignments`;
DROP TABLE IF EXISTS `items`;
DROP TABLE IF EXISTS `terms`;
DROP TABLE IF EXISTS `policies`;
