-- Checklists (检查清单), what units said about them, and what drills came to.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `checklists` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `name` VARCHAR(100) NOT NULL DEFAULT '',
  `aliases` TEXT NOT NULL,
  `place` VARCHAR(100) NOT NULL DEFAULT '',
  `rhythm` VARCHAR(16) NOT NULL DEFAULT '',
  `entries` TEXT NOT NULL,
  `unit_ids` TEXT NOT NULL,
  `zero_report` TINYINT NOT NULL DEFAULT 0,
  `active` TINYINT NOT NULL DEFAULT 0,
  `sort_no` INT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `inspections` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `list_id` VARCHAR(64) NOT NULL DEFAULT '',
  `period` VARCHAR(32) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `from_day` VARCHAR(10) NOT NULL DEFAULT '',
  `to_day` VARCHAR(10) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `said_at` BIGINT NOT NULL DEFAULT 0,
  `entry_count` INT NOT NULL DEFAULT 0,
  `fine` TINYINT NOT NULL DEFAULT 0,
  `found` TEXT NOT NULL,
  `version` INT NOT NULL DEFAULT 0,
  UNIQUE KEY `inspections_once` (`list_id`, `period`, `unit_id`),
  KEY `inspections_unit` (`unit_id`, `to_day`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `drills` (
  `report_id` BIGINT NOT NULL DEFAULT 0,
  `assignment_id` BIGINT NOT NULL DEFAULT 0,
  `held_on` VARCHAR(10) NOT NULL DEFAULT '',
  `people` INT NOT NULL DEFAULT 0,
  `seconds` INT NOT NULL DEFAULT 0,
  PRIMARY KEY (`report_id`),
  KEY `drills_work` (`assignment_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `drills`;
DROP TABLE IF EXISTS `inspections`;
DROP TABLE IF EXISTS `checklists`;
