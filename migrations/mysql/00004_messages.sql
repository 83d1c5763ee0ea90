-- What came in, what is to be chased, what went out.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.
-- MySQL commits at each statement, so every statement may run twice.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `inbox` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `robot` VARCHAR(64) NOT NULL DEFAULT '',
  `msg_id` VARCHAR(200) NOT NULL DEFAULT '',
  `user_id` VARCHAR(64) NOT NULL DEFAULT '',
  `chat_id` VARCHAR(128) NOT NULL DEFAULT '',
  `command` VARCHAR(32) NOT NULL DEFAULT '',
  `outcome` VARCHAR(32) NOT NULL DEFAULT '',
  `reply_title` VARCHAR(100) NOT NULL DEFAULT '',
  `reply` TEXT NOT NULL,
  `buttons` TEXT NOT NULL,
  `received_at` BIGINT NOT NULL DEFAULT 0,
  `took_ms` INT NOT NULL DEFAULT 0,
  UNIQUE KEY `inbox_message` (`platform`, `robot`, `msg_id`),
  KEY `inbox_received` (`received_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `dialogues` (
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `corp` VARCHAR(64) NOT NULL DEFAULT '',
  `user_id` VARCHAR(64) NOT NULL DEFAULT '',
  `chat_id` VARCHAR(128) NOT NULL DEFAULT '',
  `pending` MEDIUMTEXT NOT NULL,
  `list` MEDIUMTEXT NOT NULL,
  `expires_at` BIGINT NOT NULL DEFAULT 0,
  `updated_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`, `chat_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `chases` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `subject_kind` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_id` BIGINT NOT NULL DEFAULT 0,
  `profile` VARCHAR(32) NOT NULL DEFAULT '',
  `policy_version` INT NOT NULL DEFAULT 0,
  `position` TEXT NOT NULL,
  `generation` INT NOT NULL DEFAULT 0,
  `next_at` BIGINT NOT NULL DEFAULT 0,
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `reason` VARCHAR(32) NOT NULL DEFAULT '',
  `updated_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `chases_subject` (`subject_kind`, `subject_id`),
  KEY `chases_due` (`state`, `next_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `notices` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `urgency` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_kind` VARCHAR(16) NOT NULL DEFAULT '',
  `subject_id` BIGINT NOT NULL DEFAULT 0,
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `group_id` VARCHAR(64) NOT NULL DEFAULT '',
  `not_before` BIGINT NOT NULL DEFAULT 0,
  `dedupe_key` VARCHAR(191) NOT NULL DEFAULT '',
  `step` VARCHAR(32) NOT NULL DEFAULT '',
  `text` TEXT NOT NULL,
  `weight` INT NOT NULL DEFAULT 0,
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `reason` VARCHAR(64) NOT NULL DEFAULT '',
  `message_id` BIGINT NOT NULL DEFAULT 0,
  `created_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `notices_key` (`dedupe_key`),
  KEY `notices_due` (`state`, `not_before`),
  KEY `notices_person` (`person_id`, `state`, `not_before`),
  KEY `notices_subject` (`subject_kind`, `subject_id`, `state`),
  KEY `notices_message` (`message_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `messages` (
  `id` BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  `dedupe_key` VARCHAR(191) NOT NULL DEFAULT '',
  `kind` VARCHAR(16) NOT NULL DEFAULT '',
  `person_id` VARCHAR(64) NOT NULL DEFAULT '',
  `group_id` VARCHAR(64) NOT NULL DEFAULT '',
  `platform` VARCHAR(16) NOT NULL DEFAULT '',
  `address` VARCHAR(128) NOT NULL DEFAULT '',
  `title` VARCHAR(100) NOT NULL DEFAULT '',
  `text` MEDIUMTEXT NOT NULL,
  `buttons` TEXT NOT NULL,
  `list` MEDIUMTEXT NOT NULL,
  `state` VARCHAR(16) NOT NULL DEFAULT '',
  `reason` VARCHAR(64) NOT NULL DEFAULT '',
  `platform_id` VARCHAR(191) NOT NULL DEFAULT '',
  `attempts` INT NOT NULL DEFAULT 0,
  `next_at` BIGINT NOT NULL DEFAULT 0,
  `claimed_until` BIGINT NOT NULL DEFAULT 0,
  `created_at` BIGINT NOT NULL DEFAULT 0,
  `sent_at` BIGINT NOT NULL DEFAULT 0,
  UNIQUE KEY `messages_key` (`dedupe_key`),
  KEY `messages_due` (`state`, `next_at`),
  KEY `messages_person` (`person_id`, `created_at`),
  KEY `messages_group` (`group_id`, `created_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `runs` (
  `name` VARCHAR(191) NOT NULL DEFAULT '',
  `at` BIGINT NOT NULL DEFAULT 0,
  `result` VARCHAR(64) NOT NULL DEFAULT '',
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `runs`;
DROP TABLE IF EXISTS `messages`;
DROP TABLE IF EXISTS `notices`;
DROP TABLE IF EXISTS `chases`;
DROP TABLE IF EXISTS `dialogues`;
DROP TABLE IF EXISTS `inbox`;
