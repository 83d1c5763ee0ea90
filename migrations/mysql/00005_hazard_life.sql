-- What happens to a hazard between signing and closing; a table of its own, so
-- that the migration may run twice.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_lives` (
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `graded_at` BIGINT NOT NULL DEFAULT 0,
  `graded_by` VARCHAR(64) NOT NULL DEFAULT '',
  `control` VARCHAR(500) NOT NULL DEFAULT '',
  `controlled_at` BIGINT NOT NULL DEFAULT 0,
  `blocked` VARCHAR(500) NOT NULL DEFAULT '',
  `helped_at` BIGINT NOT NULL DEFAULT 0,
  `eta` VARCHAR(10) NOT NULL DEFAULT '',
  `fixed_at` BIGINT NOT NULL DEFAULT 0,
  `fixed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `fix_day` VARCHAR(10) NOT NULL DEFAULT '',
  `fix_note` VARCHAR(500) NOT NULL DEFAULT '',
  `reviewed_at` BIGINT NOT NULL DEFAULT 0,
  `reviewed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `review_note` VARCHAR(500) NOT NULL DEFAULT '',
  `self_reviewed` TINYINT(1) NOT NULL DEFAULT 0,
  `closed_at` BIGINT NOT NULL DEFAULT 0,
  `closed_by` VARCHAR(64) NOT NULL DEFAULT '',
  `merged_into` BIGINT NOT NULL DEFAULT 0,
  `listed_at` BIGINT NOT NULL DEFAULT 0,
  `reopened` INT NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `hazard_lives`;
