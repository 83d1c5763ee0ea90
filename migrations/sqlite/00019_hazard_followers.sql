-- Who follows a hazard or wants no word of it, the spot checks (回头看), and the order
-- of time by which hazards are searched.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_followers` (
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `person_id` TEXT NOT NULL DEFAULT '',
  `interest` TEXT NOT NULL DEFAULT '',
  `since` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`, `person_id`)
);
CREATE INDEX IF NOT EXISTS `hazard_followers_person` ON `hazard_followers` (`person_id`, `since`);

CREATE TABLE IF NOT EXISTS `spot_checks` (
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `month` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `self_reviewed` INTEGER NOT NULL DEFAULT 0,
  `drawn_at` INTEGER NOT NULL DEFAULT 0,
  `result` TEXT NOT NULL DEFAULT '',
  `checked_at` INTEGER NOT NULL DEFAULT 0,
  `checked_by` TEXT NOT NULL DEFAULT '',
  `note` TEXT NOT NULL,
  PRIMARY KEY (`hazard_id`, `month`)
);
CREATE INDEX IF NOT EXISTS `spot_checks_month` ON `spot_checks` (`month`);

CREATE INDEX IF NOT EXISTS `hazards_unit_time` ON `hazards` (`unit_id`, `created_at`);

-- +goose Down
DROP INDEX IF EXISTS `hazards_unit_time`;
DROP TABLE IF EXISTS `spot_checks`;
DROP TABLE IF EXISTS `hazard_followers`;
