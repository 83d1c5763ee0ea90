-- What is done until somebody answers an emergency or takes a private hand-over, who
-- takes part in it, and who is on duty when.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `responses` (
  `incident_id` BIGINT NOT NULL DEFAULT 0,
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `type` VARCHAR(32) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `step` INT NOT NULL DEFAULT 0,
  `level` INT NOT NULL DEFAULT 0,
  `generation` INT NOT NULL DEFAULT 0,
  `policy_version` INT NOT NULL DEFAULT 0,
  `started_at` BIGINT NOT NULL DEFAULT 0,
  `heard_at` BIGINT NOT NULL DEFAULT 0,
  `next_at` BIGINT NOT NULL DEFAULT 0,
  `alert` TEXT NOT NULL,
  `ended_at` BIGINT NOT NULL DEFAULT 0,
  `ended_by` VARCHAR(64) NOT NULL DEFAULT '',
  `result` VARCHAR(16) NOT NULL DEFAULT '',
  PRIMARY KEY (`incident_id`),
  KEY `responses_due` (`state`, `next_at`),
  KEY `responses_unit` (`unit_id`, `heard_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `response_members` (
  `incident_id` BIGINT NOT NULL DEFAULT 0,
  `part` VARCHAR(16) NOT NULL DEFAULT '',
  `person_id` VARCHAR(160) NOT NULL DEFAULT '',
  `step` INT NOT NULL DEFAULT 0,
  `at` BIGINT NOT NULL DEFAULT 0,
  `answered_at` BIGINT NOT NULL DEFAULT 0,
  `failed_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`incident_id`, `part`, `person_id`),
  KEY `response_members_person` (`person_id`, `part`, `at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `duty_shifts` (
  `id` VARCHAR(32) NOT NULL DEFAULT '',
  `day` VARCHAR(10) NOT NULL DEFAULT '',
  `weekday` INT NOT NULL DEFAULT 0,
  `place` INT NOT NULL DEFAULT 0,
  `post_id` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0', 'ALTER TABLE `posts` ADD COLUMN `hand_over` INT NOT NULL DEFAULT 0')
  FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'posts' AND column_name = 'hand_over');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `posts` DROP COLUMN `hand_over`;
DROP TABLE IF EXISTS `duty_shifts`;
DROP TABLE IF EXISTS `response_members`;
DROP TABLE IF EXISTS `responses`;
