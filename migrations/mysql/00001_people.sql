-- Units, posts and the people who hold them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `units` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `name` VARCHAR(100) NOT NULL DEFAULT '',
  `short` VARCHAR(50) NOT NULL DEFAULT '',
  `aliases` TEXT NOT NULL,
  `kind` VARCHAR(32) NOT NULL DEFAULT '',
  `parent` VARCHAR(64) NOT NULL DEFAULT '',
  `term_kind` VARCHAR(32) NOT NULL DEFAULT '',
  `sort_no` INT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `units_parent` (`parent`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `audiences` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `label` VARCHAR(100) NOT NULL DEFAULT '',
  `kinds` TEXT NOT NULL,
  `unit_ids` TEXT NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `persons` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `name` VARCHAR(64) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `active` TINYINT NOT NULL DEFAULT 0,
  `created_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `persons_unit` (`unit_id`, `name`),
  KEY `persons_name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `posts` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `title` VARCHAR(64) NOT NULL DEFAULT '',
  `role` VARCHAR(32) NOT NULL DEFAULT '',
  `charge` TEXT NOT NULL,
  `safety` TINYINT NOT NULL DEFAULT 0,
  `on_call` TINYINT NOT NULL DEFAULT 0,
  `rank_no` INT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `posts_unit` (`unit_id`, `role`, `rank_no`),
  KEY `posts_role` (`role`, `rank_no`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `holdings` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `post_id` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `since` BIGINT NOT NULL DEFAULT 0,
  `until` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `holdings_once` (`post_id`, `person_id`, `since`),
  KEY `holdings_person` (`person_id`, `until`),
  KEY `holdings_post` (`post_id`, `until`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `accounts` (
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `corp` VARCHAR(64) NOT NULL DEFAULT '',
  `user_id` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `bound_at` BIGINT NOT NULL DEFAULT 0,
  `seen_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`),
  UNIQUE KEY `accounts_person` (`person_id`, `platform`, `corp`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `bind_requests` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `corp` VARCHAR(64) NOT NULL DEFAULT '',
  `user_id` VARCHAR(64) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `created_at` BIGINT NOT NULL DEFAULT 0,
  `decided_at` BIGINT NOT NULL DEFAULT 0,
  `decided_by` VARCHAR(64) NOT NULL DEFAULT '',
  UNIQUE KEY `bind_requests_once` (`platform`, `corp`, `user_id`, `person_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `chat_groups` (
  `id` VARCHAR(64) NOT NULL DEFAULT '',
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `chat_id` VARCHAR(128) NOT NULL DEFAULT '',
  `webhook` VARCHAR(255) NOT NULL DEFAULT '',
  `title` VARCHAR(100) NOT NULL DEFAULT '',
  `unit_id` VARCHAR(64) NOT NULL DEFAULT '',
  `digest` TINYINT NOT NULL DEFAULT 0,
  `active` TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`),
  KEY `chat_groups_chat` (`platform`, `chat_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `chat_groups`;
DROP TABLE IF EXISTS `bind_requests`;
DROP TABLE IF EXISTS `accounts`;
DROP TABLE IF EXISTS `holdings`;
DROP TABLE IF EXISTS `posts`;
DROP TABLE IF EXISTS `persons`;
DROP TABLE IF EXISTS `audiences`;
DROP TABLE IF EXISTS `units`;
