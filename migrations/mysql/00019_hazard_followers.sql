-- Who follows a hazard or wants no word of it, the spot checks (回头看), and the order
-- of time by which hazards are searched.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement and knows no ADD KEY IF NOT EXISTS, and this may
-- run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_followers` (
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `interest` VARCHAR(16) NOT NULL DEFAULT '',
  `since` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`, `person_id`),
  KEY `hazard_followers_person` (`person_id`, `since`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `spot_checks` (
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `month` CHAR(7) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `self_reviewed` TINYINT(1) NOT NULL DEFAULT 0,
  `drawn_at` BIGINT NOT NULL DEFAULT 0,
  `result` VARCHAR(8) NOT NULL DEFAULT '',
  `checked_at` BIGINT NOT NULL DEFAULT 0,
  `checked_by` VARCHAR(64) NOT NULL DEFAULT '',
  `note` TEXT NOT NULL,
  PRIMARY KEY (`hazard_id`, `month`),
  KEY `spot_checks_month` (`month`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

SET @duban_alter = (SELECT IF(COUNT(*) > 0, 'DO 0',
  'ALTER TABLE `hazards` ADD KEY `hazards_unit_time` (`unit_id`, `created_at`)')
  FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'hazards' AND index_name = 'hazards_unit_time');
PREPARE duban_alter FROM @duban_alter;
EXECUTE duban_alter;
DEALLOCATE PREPARE duban_alter;

-- +goose Down
ALTER TABLE `hazards` DROP KEY `hazards_unit_time`;
DROP TABLE IF EXISTS `spot_checks`;
DROP TABLE IF EXISTS `hazard_followers`;
