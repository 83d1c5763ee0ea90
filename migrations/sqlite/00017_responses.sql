-- What is done until somebody answers an emergency or takes a private hand-over, who
-- takes part in it, and who is on duty when.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `responses` (
  `incident_id` INTEGER NOT NULL DEFAULT 0,
  `kind` TEXT NOT NULL DEFAULT '',
  `type` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `step` INTEGER NOT NULL DEFAULT 0,
  `level` INTEGER NOT NULL DEFAULT 0,
  `generation` INTEGER NOT NULL DEFAULT 0,
  `policy_version` INTEGER NOT NULL DEFAULT 0,
  `started_at` INTEGER NOT NULL DEFAULT 0,
  `heard_at` INTEGER NOT NULL DEFAULT 0,
  `next_at` INTEGER NOT NULL DEFAULT 0,
  `alert` TEXT NOT NULL,
  `ended_at` INTEGER NOT NULL DEFAULT 0,
  `ended_by` TEXT NOT NULL DEFAULT '',
  `result` TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (`incident_id`)
);
CREATE INDEX IF NOT EXISTS `responses_due` ON `responses` (`state`, `next_at`);
CREATE INDEX IF NOT EXISTS `responses_unit` ON `responses` (`unit_id`, `heard_at`);

CREATE TABLE IF NOT EXISTS `response_members` (
  `incident_id` INTEGER NOT NULL DEFAULT 0,
  `part` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `step` INTEGER NOT NULL DEFAULT 0,
  `at` INTEGER NOT NULL DEFAULT 0,
  `answered_at` INTEGER NOT NULL DEFAULT 0,
  `failed_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`incident_id`, `part`, `person_id`)
);
CREATE INDEX IF NOT EXISTS `response_members_person` ON `response_members` (`person_id`, `part`, `at`);

CREATE TABLE IF NOT EXISTS `duty_shifts` (
  `id` TEXT NOT NULL DEFAULT '',
  `day` TEXT NOT NULL DEFAULT '',
  `weekday` INTEGER NOT NULL DEFAULT 0,
  `place` INTEGER NOT NULL DEFAULT 0,
  `post_id` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (`id`)
);

ALTER TABLE `posts` ADD COLUMN `hand_over` INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE `posts` DROP COLUMN `hand_over`;
DROP TABLE IF EXISTS `duty_shifts`;
DROP TABLE IF EXISTS `response_members`;
DROP TABLE IF EXISTS `responses`;
