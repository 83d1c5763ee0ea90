-- Extensions asked for, delegations, quiet times, and what can be taken back.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `extensions` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `assignment_id` BIGINT NOT NULL DEFAULT 0,
  `asked_by` VARCHAR(64) NOT NULL DEFAULT '',
  `asked_at` BIGINT NOT NULL DEFAULT 0,
  `old_due` VARCHAR(10) NOT NULL DEFAULT '',
  `new_due` VARCHAR(10) NOT NULL DEFAULT '',
  `reason` VARCHAR(500) NOT NULL DEFAULT '',
  `late` TINYINT(1) NOT NULL DEFAULT 0,
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `decided_by` VARCHAR(64) NOT NULL DEFAULT '',
  `decided_at` BIGINT NOT NULL DEFAULT 0,
  `note` VARCHAR(500) NOT NULL DEFAULT '',
  KEY `extensions_assignment` (`assignment_id`, `state`),
  KEY `extensions_state` (`state`, `asked_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `delegations` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `from_id` VARCHAR(64) NOT NULL DEFAULT '',
  `to_id` VARCHAR(64) NOT NULL DEFAULT '',
  `from_day` VARCHAR(10) NOT NULL DEFAULT '',
  `until_day` VARCHAR(10) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `created_by` VARCHAR(64) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  KEY `delegations_from` (`from_id`, `state`),
  KEY `delegations_to` (`to_id`, `state`),
  KEY `delegations_state` (`state`, `until_day`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `preferences` (
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `quiet_until` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`person_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `last_acts` (
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `body` TEXT NOT NULL,
  `at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`person_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `last_acts`;
DROP TABLE IF EXISTS `preferences`;
DROP TABLE IF EXISTS `delegations`;
DROP TABLE IF EXISTS `extensions`;
