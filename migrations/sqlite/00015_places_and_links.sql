-- Places with a code to scan (地点), what was filed through them, and links into a
-- hazard that work for a while.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `places` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `unit_id` TEXT NOT NULL DEFAULT '',
  `name` TEXT NOT NULL DEFAULT '',
  `code` TEXT NOT NULL DEFAULT '',
  `token` TEXT NOT NULL DEFAULT '',
  `created_by` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  `stopped_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `places_code` ON `places` (`code`);
CREATE UNIQUE INDEX IF NOT EXISTS `places_token` ON `places` (`token`);
CREATE INDEX IF NOT EXISTS `places_unit` ON `places` (`unit_id`);

CREATE TABLE IF NOT EXISTS `scans` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `once_key` TEXT NOT NULL DEFAULT '',
  `place_id` INTEGER NOT NULL DEFAULT 0,
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `outcome` TEXT NOT NULL DEFAULT '',
  `name` TEXT NOT NULL DEFAULT '',
  `phone` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `scans_once` ON `scans` (`once_key`);
CREATE INDEX IF NOT EXISTS `scans_hazard` ON `scans` (`hazard_id`);

CREATE TABLE IF NOT EXISTS `links` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `hash` TEXT NOT NULL DEFAULT '',
  `kind` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `browser` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  `expires_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `links_hash` ON `links` (`hash`);
CREATE INDEX IF NOT EXISTS `links_person` ON `links` (`person_id`, `expires_at`);

CREATE TABLE IF NOT EXISTS `app_keys` (
  `name` TEXT NOT NULL DEFAULT '',
  `value` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
);

-- +goose Down
DROP TABLE IF EXISTS `app_keys`;
DROP TABLE IF EXISTS `links`;
DROP TABLE IF EXISTS `scans`;
DROP TABLE IF EXISTS `places`;
