-- Extensions asked for, delegations, quiet times, and what can be taken back.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `extensions` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `assignment_id` INTEGER NOT NULL DEFAULT 0,
  `asked_by` TEXT NOT NULL DEFAULT '',
  `asked_at` INTEGER NOT NULL DEFAULT 0,
  `old_due` TEXT NOT NULL DEFAULT '',
  `new_due` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL DEFAULT '',
  `late` INTEGER NOT NULL DEFAULT 0,
  `state` TEXT NOT NULL DEFAULT '',
  `decided_by` TEXT NOT NULL DEFAULT '',
  `decided_at` INTEGER NOT NULL DEFAULT 0,
  `note` TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS `extensions_assignment` ON `extensions` (`assignment_id`, `state`);
CREATE INDEX IF NOT EXISTS `extensions_state` ON `extensions` (`state`, `asked_at`);

CREATE TABLE IF NOT EXISTS `delegations` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `from_id` TEXT NOT NULL DEFAULT '',
  `to_id` TEXT NOT NULL DEFAULT '',
  `from_day` TEXT NOT NULL DEFAULT '',
  `until_day` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `created_by` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS `delegations_from` ON `delegations` (`from_id`, `state`);
CREATE INDEX IF NOT EXISTS `delegations_to` ON `delegations` (`to_id`, `state`);
CREATE INDEX IF NOT EXISTS `delegations_state` ON `delegations` (`state`, `until_day`);

CREATE TABLE IF NOT EXISTS `preferences` (
  `person_id` TEXT NOT NULL DEFAULT '',
  `quiet_until` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`person_id`)
);

CREATE TABLE IF NOT EXISTS `last_acts` (
  `person_id` TEXT NOT NULL DEFAULT '',
  `body` TEXT NOT NULL,
  `at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`person_id`)
);

-- +goose Down
DROP TABLE IF EXISTS `last_acts`;
DROP TABLE IF EXISTS `preferences`;
DROP TABLE IF EXISTS `delegations`;
DROP TABLE IF EXISTS `extensions`;
