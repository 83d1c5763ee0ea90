-- Hazards, files, history, incidents without content.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `counters` (
  `name` TEXT NOT NULL DEFAULT '',
  `value` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
);

CREATE TABLE IF NOT EXISTS `hazards` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `year` INTEGER NOT NULL DEFAULT 0,
  `seq` INTEGER NOT NULL DEFAULT 0,
  `unit_id` TEXT NOT NULL DEFAULT '',
  `category` TEXT NOT NULL DEFAULT '',
  `location` TEXT NOT NULL DEFAULT '',
  `descr` TEXT NOT NULL,
  `level` TEXT NOT NULL DEFAULT '',
  `level_hint` TEXT NOT NULL DEFAULT '',
  `urgent` INTEGER NOT NULL DEFAULT 0,
  `anonymous` INTEGER NOT NULL DEFAULT 0,
  `reporter` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `sign_due` TEXT NOT NULL DEFAULT '',
  `fix_due` TEXT NOT NULL DEFAULT '',
  `signed_at` INTEGER NOT NULL DEFAULT 0,
  `signed_by` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  `version` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `hazards_number` ON `hazards` (`year`, `seq`);
CREATE INDEX IF NOT EXISTS `hazards_seq` ON `hazards` (`seq`, `created_at`);
CREATE INDEX IF NOT EXISTS `hazards_unit` ON `hazards` (`unit_id`, `state`, `created_at`);
CREATE INDEX IF NOT EXISTS `hazards_reporter` ON `hazards` (`reporter`, `created_at`);
CREATE INDEX IF NOT EXISTS `hazards_state` ON `hazards` (`state`, `created_at`);

CREATE TABLE IF NOT EXISTS `files` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `subject_kind` TEXT NOT NULL DEFAULT '',
  `subject_id` INTEGER NOT NULL DEFAULT 0,
  `unit_id` TEXT NOT NULL DEFAULT '',
  `home` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `platform` TEXT NOT NULL DEFAULT '',
  `kind` TEXT NOT NULL DEFAULT '',
  `ref` TEXT NOT NULL,
  `name` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL DEFAULT '',
  `sha256` TEXT NOT NULL DEFAULT '',
  `mime` TEXT NOT NULL DEFAULT '',
  `size` INTEGER NOT NULL DEFAULT 0,
  `attempts` INTEGER NOT NULL DEFAULT 0,
  `next_at` INTEGER NOT NULL DEFAULT 0,
  `created_at` INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS `files_subject` ON `files` (`subject_kind`, `subject_id`);
CREATE INDEX IF NOT EXISTS `files_due` ON `files` (`state`, `next_at`);
CREATE INDEX IF NOT EXISTS `files_person` ON `files` (`person_id`, `created_at`);

CREATE TABLE IF NOT EXISTS `journal` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `at` INTEGER NOT NULL DEFAULT 0,
  `actor` TEXT NOT NULL DEFAULT '',
  `channel` TEXT NOT NULL DEFAULT '',
  `subject_kind` TEXT NOT NULL DEFAULT '',
  `subject_id` INTEGER NOT NULL DEFAULT 0,
  `action` TEXT NOT NULL DEFAULT '',
  `before_value` TEXT NOT NULL,
  `after_value` TEXT NOT NULL,
  `note` TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS `journal_subject` ON `journal` (`subject_kind`, `subject_id`, `id`);

CREATE TABLE IF NOT EXISTS `incidents` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `kind` TEXT NOT NULL DEFAULT '',
  `type` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `location` TEXT NOT NULL DEFAULT '',
  `at` INTEGER NOT NULL DEFAULT 0,
  `told` INTEGER NOT NULL DEFAULT 0,
  `acked_at` INTEGER NOT NULL DEFAULT 0,
  `acked_by` TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS `incidents_unit` ON `incidents` (`unit_id`, `at`);

-- +goose Down
DROP TABLE IF EXISTS `incidents`;
DROP TABLE IF EXISTS `journal`;
DROP TABLE IF EXISTS `files`;
DROP TABLE IF EXISTS `hazards`;
DROP TABLE IF EXISTS `counters`;
