-- Places with a code to scan (地点), what was filed through them, and links into a
-- hazard that work for a while.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `places` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `name` VARCHAR(100) NOT NULL DEFAULT '',
  `code` VARCHAR(16) NOT NULL DEFAULT '',
  `token` VARCHAR(64) NOT NULL DEFAULT '',
  `created_by` VARCHAR(64) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  `stopped_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `places_code` (`code`),
  UNIQUE KEY `places_token` (`token`),
  KEY `places_unit` (`unit_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `scans` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `once_key` VARCHAR(64) NOT NULL DEFAULT '',
  `place_id` BIGINT NOT NULL DEFAULT 0,
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `outcome` VARCHAR(16) NOT NULL DEFAULT '',
  `name` VARCHAR(64) NOT NULL DEFAULT '',
  `phone` VARCHAR(32) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `scans_once` (`once_key`),
  KEY `scans_hazard` (`hazard_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `links` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `hash` VARCHAR(64) NOT NULL DEFAULT '',
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `hazard_id` BIGINT NOT NULL DEFAULT 0,
  `browser` VARCHAR(64) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  `expires_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `links_hash` (`hash`),
  KEY `links_person` (`person_id`, `expires_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `app_keys` (
  `name` VARCHAR(64) NOT NULL DEFAULT '',
  `value` VARCHAR(128) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `app_keys`;
DROP TABLE IF EXISTS `links`;
DROP TABLE IF EXISTS `scans`;
DROP TABLE IF EXISTS `places`;
