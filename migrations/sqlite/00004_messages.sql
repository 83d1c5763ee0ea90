-- What came in, what is to be chased, what went out.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `inbox` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `platform` TEXT NOT NULL DEFAULT '',
  `robot` TEXT NOT NULL DEFAULT '',
  `msg_id` TEXT NOT NULL DEFAULT '',
  `user_id` TEXT NOT NULL DEFAULT '',
  `chat_id` TEXT NOT NULL DEFAULT '',
  `command` TEXT NOT NULL DEFAULT '',
  `outcome` TEXT NOT NULL DEFAULT '',
  `reply_title` TEXT NOT NULL DEFAULT '',
  `reply` TEXT NOT NULL,
  `buttons` TEXT NOT NULL,
  `received_at` INTEGER NOT NULL DEFAULT 0,
  `took_ms` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `inbox_message` ON `inbox` (`platform`, `robot`, `msg_id`);
CREATE INDEX IF NOT EXISTS `inbox_received` ON `inbox` (`received_at`);

CREATE TABLE IF NOT EXISTS `dialogues` (
  `platform` TEXT NOT NULL DEFAULT '',
  `corp` TEXT NOT NULL DEFAULT '',
  `user_id` TEXT NOT NULL DEFAULT '',
  `chat_id` TEXT NOT NULL DEFAULT '',
  `pending` TEXT NOT NULL,
  `list` TEXT NOT NULL,
  `expires_at` INTEGER NOT NULL DEFAULT 0,
  `updated_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`, `chat_id`)
);

CREATE TABLE IF NOT EXISTS `chases` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `subject_kind` TEXT NOT NULL DEFAULT '',
  `subject_id` INTEGER NOT NULL DEFAULT 0,
  `profile` TEXT NOT NULL DEFAULT '',
  `policy_version` INTEGER NOT NULL DEFAULT 0,
  `position` TEXT NOT NULL,
  `generation` INTEGER NOT NULL DEFAULT 0,
  `next_at` INTEGER NOT NULL DEFAULT 0,
  `state` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL DEFAULT '',
  `updated_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `chases_subject` ON `chases` (`subject_kind`, `subject_id`);
CREATE INDEX IF NOT EXISTS `chases_due` ON `chases` (`state`, `next_at`);

CREATE TABLE IF NOT EXISTS `notices` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `kind` TEXT NOT NULL DEFAULT '',
  `urgency` TEXT NOT NULL DEFAULT '',
  `subject_kind` TEXT NOT NULL DEFAULT '',
  `subject_id` INTEGER NOT NULL DEFAULT 0,
  `person_id` TEXT NOT NULL DEFAULT '',
  `group_id` TEXT NOT NULL DEFAULT '',
  `not_before` INTEGER NOT NULL DEFAULT 0,
  `dedupe_key` TEXT NOT NULL DEFAULT '',
  `step` TEXT NOT NULL DEFAULT '',
  `text` TEXT NOT NULL,
  `weight` INTEGER NOT NULL DEFAULT 0,
  `state` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL DEFAULT '',
  `message_id` INTEGER NOT NULL DEFAULT 0,
  `created_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `notices_key` ON `notices` (`dedupe_key`);
CREATE INDEX IF NOT EXISTS `notices_due` ON `notices` (`state`, `not_before`);
CREATE INDEX IF NOT EXISTS `notices_person` ON `notices` (`person_id`, `state`, `not_before`);
CREATE INDEX IF NOT EXISTS `notices_subject` ON `notices` (`subject_kind`, `subject_id`, `state`);
CREATE INDEX IF NOT EXISTS `notices_message` ON `notices` (`message_id`);

CREATE TABLE IF NOT EXISTS `messages` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `dedupe_key` TEXT NOT NULL DEFAULT '',
  `kind` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `group_id` TEXT NOT NULL DEFAULT '',
  `platform` TEXT NOT NULL DEFAULT '',
  `address` TEXT NOT NULL DEFAULT '',
  `title` TEXT NOT NULL DEFAULT '',
  `text` TEXT NOT NULL,
  `buttons` TEXT NOT NULL,
  `list` TEXT NOT NULL,
  `state` TEXT NOT NULL DEFAULT '',
  `reason` TEXT NOT NULL DEFAULT '',
  `platform_id` TEXT NOT NULL DEFAULT '',
  `attempts` INTEGER NOT NULL DEFAULT 0,
  `next_at` INTEGER NOT NULL DEFAULT 0,
  `claimed_until` INTEGER NOT NULL DEFAULT 0,
  `created_at` INTEGER NOT NULL DEFAULT 0,
  `sent_at` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `messages_key` ON `messages` (`dedupe_key`);
CREATE INDEX IF NOT EXISTS `messages_due` ON `messages` (`state`, `next_at`);
CREATE INDEX IF NOT EXISTS `messages_person` ON `messages` (`person_id`, `created_at`);
CREATE INDEX IF NOT EXISTS `messages_group` ON `messages` (`group_id`, `created_at`);

CREATE TABLE IF NOT EXISTS `runs` (
  `name` TEXT NOT NULL DEFAULT '',
  `at` INTEGER NOT NULL DEFAULT 0,
  `result` TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (`name`)
);

-- +goose Down
DROP TABLE IF EXISTS `runs`;
DROP TABLE IF EXISTS `messages`;
DROP TABLE IF EXISTS `notices`;
DROP TABLE IF EXISTS `chases`;
DROP TABLE IF EXISTS `dialogues`;
DROP TABLE IF EXISTS `inbox`;
