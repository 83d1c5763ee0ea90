-- Supervision slips (督办单) and the units' receipts for them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `slips` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `year` INT NOT NULL DEFAULT 0,
  `seq` INT NOT NULL DEFAULT 0,
  `subject_kind` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_id` BIGINT NOT NULL DEFAULT 0,
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `section_id` VARCHAR(64) NOT NULL DEFAULT '',
  `colour` VARCHAR(16) NOT NULL DEFAULT '',
  `level` VARCHAR(32) NOT NULL DEFAULT '',
  `issued_by` VARCHAR(64) NOT NULL DEFAULT '',
  `issued_at` BIGINT NOT NULL DEFAULT 0,
  `receipt_due` VARCHAR(10) NOT NULL DEFAULT '',
  `once_key` VARCHAR(160) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `answered_at` BIGINT NOT NULL DEFAULT 0,
  `answered_by` VARCHAR(64) NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL,
  `eta` VARCHAR(10) NOT NULL DEFAULT '',
  `version` INT NOT NULL DEFAULT 0,
  UNIQUE KEY `slips_number` (`year`, `seq`),
  UNIQUE KEY `slips_once` (`once_key`),
  KEY `slips_unit` (`unit_id`),
  KEY `slips_section` (`section_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `slips`;
