-- Hazards, files, history, incidents without content.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `counters` (
  `name` VARCHAR(64) NOT NULL DEFAULT '',
  `value` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `hazards` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `year` INT NOT NULL DEFAULT 0,
  `seq` INT NOT NULL DEFAULT 0,
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `category` VARCHAR(32) NOT NULL DEFAULT '',
  `location` VARCHAR(120) NOT NULL DEFAULT '',
  `descr` TEXT NOT NULL,
  `level` VARCHAR(16) NOT NULL DEFAULT '',
  `level_hint` VARCHAR(16) NOT NULL DEFAULT '',
  `urgent` TINYINT NOT NULL DEFAULT 0,
  `anonymous` TINYINT NOT NULL DEFAULT 0,
  `reporter` VARCHAR(64) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `sign_due` CHAR(10) NOT NULL DEFAULT '',
  `fix_due` CHAR(10) NOT NULL DEFAULT '',
  `signed_at` BIGINT NOT NULL DEFAULT 0,
  `signed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  `version` INT NOT NULL DEFAULT 0,
  UNIQUE KEY `hazards_number` (`year`, `seq`),
  KEY `hazards_seq` (`seq`, `created_at`),
  KEY `hazards_unit` (`unit_id`, `state`, `created_at`),
  KEY `hazards_reporter` (`reporter`, `created_at`),
  KEY `hazards_state` (`state`, `created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `files` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `subject_kind` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_id` BIGINT NOT NULL DEFAULT 0,
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `home` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `ref` TEXT NOT NULL,
  `name` VARCHAR(200) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `reason` VARCHAR(64) NOT NULL DEFAULT '',
  `sha256` VARCHAR(64) NOT NULL DEFAULT '',
  `mime` VARCHAR(128) NOT NULL DEFAULT '',
  `size` BIGINT NOT NULL DEFAULT 0,
  `attempts` INT NOT NULL DEFAULT 0,
  `next_at` BIGINT NOT NULL DEFAULT 0,
  `created_at` BIGINT NOT NULL DEFAULT 0,
  KEY `files_subject` (`subject_kind`, `subject_id`),
  KEY `files_due` (`state`, `next_at`),
  KEY `files_person` (`person_id`, `created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `journal` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `at` BIGINT NOT NULL DEFAULT 0,
  `actor` VARCHAR(64) NOT NULL DEFAULT '',
  `channel` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_kind` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_id` BIGINT NOT NULL DEFAULT 0,
  `action` VARCHAR(32) NOT NULL DEFAULT '',
  `before_value` TEXT NOT NULL,
  `after_value` TEXT NOT NULL,
  `note` TEXT NOT NULL,
  KEY `journal_subject` (`subject_kind`, `subject_id`, `id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `incidents` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `type` VARCHAR(32) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `location` VARCHAR(120) NOT NULL DEFAULT '',
  `at` BIGINT NOT NULL DEFAULT 0,
  `told` INT NOT NULL DEFAULT 0,
  `acked_at` BIGINT NOT NULL DEFAULT 0,
  `acked_by` VARCHAR(64) NOT NULL DEFAULT '',
  KEY `incidents_unit` (`unit_id`, `at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `incidents`;
DROP TABLE IF EXISTS `journal`;
DROP TABLE IF EXISTS `files`;
DROP TABLE IF EXISTS `hazards`;
DROP TABLE IF EXISTS `counters`;
