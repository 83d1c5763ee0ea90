-- Units, posts and the people who hold them.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `units` (
  `id` TEXT NOT NULL DEFAULT '',
  `name` TEXT NOT NULL DEFAULT '',
  `short` TEXT NOT NULL DEFAULT '',
  `aliases` TEXT NOT NULL,
  `kind` TEXT NOT NULL DEFAULT '',
  `parent` TEXT NOT NULL DEFAULT '',
  `term_kind` TEXT NOT NULL DEFAULT '',
  `sort_no` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX IF NOT EXISTS `units_parent` ON `units` (`parent`);

CREATE TABLE IF NOT EXISTS `audiences` (
  `id` TEXT NOT NULL DEFAULT '',
  `label` TEXT NOT NULL DEFAULT '',
  `kinds` TEXT NOT NULL,
  `unit_ids` TEXT NOT NULL,
  PRIMARY KEY (`id`)
);

CREATE TABLE IF NOT EXISTS `persons` (
  `id` TEXT NOT NULL DEFAULT '',
  `name` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `active` INTEGER NOT NULL DEFAULT 0,
  `created_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX IF NOT EXISTS `persons_unit` ON `persons` (`unit_id`, `name`);
CREATE INDEX IF NOT EXISTS `persons_name` ON `persons` (`name`);

CREATE TABLE IF NOT EXISTS `posts` (
  `id` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `title` TEXT NOT NULL DEFAULT '',
  `role` TEXT NOT NULL DEFAULT '',
  `charge` TEXT NOT NULL,
  `safety` INTEGER NOT NULL DEFAULT 0,
  `on_call` INTEGER NOT NULL DEFAULT 0,
  `rank_no` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX IF NOT EXISTS `posts_unit` ON `posts` (`unit_id`, `role`, `rank_no`);
CREATE INDEX IF NOT EXISTS `posts_role` ON `posts` (`role`, `rank_no`);

CREATE TABLE IF NOT EXISTS `holdings` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `post_id` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `since` INTEGER NOT NULL DEFAULT 0,
  `until` INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS `holdings_once` ON `holdings` (`post_id`, `person_id`, `since`);
CREATE INDEX IF NOT EXISTS `holdings_person` ON `holdings` (`person_id`, `until`);
CREATE INDEX IF NOT EXISTS `holdings_post` ON `holdings` (`post_id`, `until`);

CREATE TABLE IF NOT EXISTS `accounts` (
  `platform` TEXT NOT NULL DEFAULT '',
  `corp` TEXT NOT NULL DEFAULT '',
  `user_id` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `bound_at` INTEGER NOT NULL DEFAULT 0,
  `seen_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`platform`, `corp`, `user_id`)
);
CREATE UNIQUE INDEX IF NOT EXISTS `accounts_person` ON `accounts` (`person_id`, `platform`, `corp`);

CREATE TABLE IF NOT EXISTS `bind_requests` (
  `id` INTEGER PRIMARY KEY AUTOINCREMENT,
  `platform` TEXT NOT NULL DEFAULT '',
  `corp` TEXT NOT NULL DEFAULT '',
  `user_id` TEXT NOT NULL DEFAULT '',
  `person_id` TEXT NOT NULL DEFAULT '',
  `state` TEXT NOT NULL DEFAULT '',
  `created_at` INTEGER NOT NULL DEFAULT 0,
  `decided_at` INTEGER NOT NULL DEFAULT 0,
  `decided_by` TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS `bind_requests_once` ON `bind_requests` (`platform`, `corp`, `user_id`, `person_id`);

CREATE TABLE IF NOT EXISTS `chat_groups` (
  `id` TEXT NOT NULL DEFAULT '',
  `platform` TEXT NOT NULL DEFAULT '',
  `chat_id` TEXT NOT NULL DEFAULT '',
  `webhook` TEXT NOT NULL DEFAULT '',
  `title` TEXT NOT NULL DEFAULT '',
  `unit_id` TEXT NOT NULL DEFAULT '',
  `digest` INTEGER NOT NULL DEFAULT 0,
  `active` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`id`)
);
CREATE INDEX IF NOT EXISTS `chat_groups_chat` ON `chat_groups` (`platform`, `chat_id`);

-- +goose Down
DROP TABLE IF EXISTS `chat_groups`;
DROP TABLE IF EXISTS `bind_requests`;
DROP TABLE IF EXISTS `accounts`;
DROP TABLE IF EXISTS `holdings`;
DROP TABLE IF EXISTS `posts`;
DROP TABLE IF EXISTS `persons`;
DROP TABLE IF EXISTS `audiences`;
DROP TABLE IF EXISTS `units`;
