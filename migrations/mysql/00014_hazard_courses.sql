-- The way of a hazard beside its life: registration, assignment, limits, the five
-- fixings, the bureau's answer; and the fixes that did not hold.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_courses` (
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `registered_at` BIGINT NOT NULL DEFAULT 0,
  `registered_by` VARCHAR(64) NOT NULL DEFAULT '',
  `assigned_at` BIGINT NOT NULL DEFAULT 0,
  `assigned_by` VARCHAR(64) NOT NULL DEFAULT '',
  `assigned_to` VARCHAR(64) NOT NULL DEFAULT '',
  `limit_from` BIGINT NOT NULL DEFAULT 0,
  `fix_days` INT NOT NULL DEFAULT 0,
  `reported_at` BIGINT NOT NULL DEFAULT 0,
  `duty` TEXT NOT NULL,
  `measures` TEXT NOT NULL,
  `money` TEXT NOT NULL,
  `limits` TEXT NOT NULL,
  `plan` TEXT NOT NULL,
  `five_at` BIGINT NOT NULL DEFAULT 0,
  `held_from` BIGINT NOT NULL DEFAULT 0,
  `held_to` BIGINT NOT NULL DEFAULT 0,
  `coordination` TEXT NOT NULL,
  PRIMARY KEY (`hazard_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `former_fixes` (
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `version` INT NOT NULL DEFAULT 0,
  `until_at` BIGINT NOT NULL DEFAULT 0,
  `control` TEXT NOT NULL,
  `fixed_at` BIGINT NOT NULL DEFAULT 0,
  `fixed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `fix_day` VARCHAR(10) NOT NULL DEFAULT '',
  `fix_note` TEXT NOT NULL,
  `reviewed_at` BIGINT NOT NULL DEFAULT 0,
  `reviewed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `review_note` TEXT NOT NULL,
  `passed` TINYINT(1) NOT NULL DEFAULT 0,
  `closed_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`, `version`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `former_fixes`;
DROP TABLE IF EXISTS `hazard_courses`;
