-- Supervised items and each unit's part of them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `policies` (
  `version` INT NOT NULL DEFAULT 0,
  `body` MEDIUMTEXT NOT NULL,
  `digest` VARCHAR(64) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `terms` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `term` VARCHAR(100) NOT NULL DEFAULT '',
  `at_codes` TEXT NOT NULL,
  `meaning` TEXT NOT NULL,
  `source` VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `items` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `year` INT NOT NULL DEFAULT 0,
  `code` VARCHAR(16) NOT NULL DEFAULT '',
  `point` INT NOT NULL DEFAULT 0,
  `point_title` VARCHAR(100) NOT NULL DEFAULT '',
  `descr` TEXT NOT NULL,
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `figures` TEXT NOT NULL,
  `metric_op` VARCHAR(4) NOT NULL DEFAULT '',
  `metric_target` DOUBLE NOT NULL DEFAULT 0,
  `metric_unit` VARCHAR(32) NOT NULL DEFAULT '',
  `every` VARCHAR(32) NOT NULL DEFAULT '',
  `due` CHAR(10) NOT NULL DEFAULT '',
  `due_source` VARCHAR(16) NOT NULL DEFAULT '',
  `due_text` VARCHAR(100) NOT NULL DEFAULT '',
  `lead_id` VARCHAR(64) NOT NULL DEFAULT '',
  `assist_ids` TEXT NOT NULL,
  `audience` VARCHAR(64) NOT NULL DEFAULT '',
  `profile` VARCHAR(32) NOT NULL DEFAULT '',
  `privacy` VARCHAR(16) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `confirmed_at` BIGINT NOT NULL DEFAULT 0,
  `confirmed_by` VARCHAR(64) NOT NULL DEFAULT '',
  UNIQUE KEY `items_code` (`year`, `code`),
  KEY `items_state` (`state`, `due`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `assignments` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `item_id` BIGINT NOT NULL DEFAULT 0,
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `part` VARCHAR(16) NOT NULL DEFAULT '',
  `period` VARCHAR(32) NOT NULL DEFAULT '',
  `opens` CHAR(10) NOT NULL DEFAULT '',
  `due` CHAR(10) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `status` VARCHAR(16) NOT NULL DEFAULT '',
  `percent` DOUBLE NOT NULL DEFAULT 0,
  `value` DOUBLE NULL,
  `note` TEXT NOT NULL,
  `eta` CHAR(10) NOT NULL DEFAULT '',
  `evidence` VARCHAR(16) NOT NULL DEFAULT '',
  `assigned_at` BIGINT NOT NULL DEFAULT 0,
  `signed_at` BIGINT NOT NULL DEFAULT 0,
  `reported_at` BIGINT NOT NULL DEFAULT 0,
  `closed_at` BIGINT NOT NULL DEFAULT 0,
  `version` INT NOT NULL DEFAULT 0,
  UNIQUE KEY `assignments_once` (`item_id`, `unit_id`, `period`),
  KEY `assignments_unit` (`unit_id`, `state`, `due`),
  KEY `assignments_due` (`state`, `due`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `reports` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `assignment_id` BIGINT NOT NULL DEFAULT 0,
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `at` BIGINT NOT NULL DEFAULT 0,
  `status` VARCHAR(16) NOT NULL DEFAULT '',
  `percent` DOUBLE NULL,
  `value` DOUBLE NULL,
  `note` TEXT NOT NULL,
  `eta` CHAR(10) NOT NULL DEFAULT '',
  `files` INT NOT NULL DEFAULT 0,
  KEY `reports_assignment` (`assignment_id`, `at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `reports`;
DROP TABLE IF EXISTS `assignments`;
DROP TABLE IF EXISTS `items`;
DROP TABLE IF EXISTS `terms`;
DROP TABLE IF EXISTS `policies`;
