-- The way of a hazard beside its life: registration, assignment, limits, the five
-- fixings, the bureau's answer; and the fixes that did not hold.
-- Instants are unix milliseconds (UTC), dates ISO text; see docs/adr/0004.

-- +goose Up
CREATE TABLE IF NOT EXISTS `hazard_courses` (
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `registered_at` INTEGER NOT NULL DEFAULT 0,
  `registered_by` TEXT NOT NULL DEFAULT '',
  `assigned_at` INTEGER NOT NULL DEFAULT 0,
  `assigned_by` TEXT NOT NULL DEFAULT '',
  `assigned_to` TEXT NOT NULL DEFAULT '',
  `limit_from` INTEGER NOT NULL DEFAULT 0,
  `fix_days` INTEGER NOT NULL DEFAULT 0,
  `reported_at` INTEGER NOT NULL DEFAULT 0,
  `duty` TEXT NOT NULL,
  `measures` TEXT NOT NULL,
  `money` TEXT NOT NULL,
  `limits` TEXT NOT NULL,
  `plan` TEXT NOT NULL,
  `five_at` INTEGER NOT NULL DEFAULT 0,
  `held_from` INTEGER NOT NULL DEFAULT 0,
  `held_to` INTEGER NOT NULL DEFAULT 0,
  `coordination` TEXT NOT NULL,
  PRIMARY KEY (`hazard_id`)
);

CREATE TABLE IF NOT EXISTS `former_fixes` (
  `hazard_id` INTEGER NOT NULL DEFAULT 0,
  `version` INTEGER NOT NULL DEFAULT 0,
  `until_at` INTEGER NOT NULL DEFAULT 0,
  `control` TEXT NOT NULL,
  `fixed_at` INTEGER NOT NULL DEFAULT 0,
  `fixed_by` TEXT NOT NULL DEFAULT '',
  `fix_day` TEXT NOT NULL DEFAULT '',
  `fix_note` TEXT NOT NULL,
  `reviewed_at` INTEGER NOT NULL DEFAULT 0,
  `reviewed_by` TEXT NOT NULL DEFAULT '',
  `review_note` TEXT NOT NULL,
  `passed` INTEGER NOT NULL DEFAULT 0,
  `closed_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`hazard_id`, `version`)
);

-- +goose Down
DROP TABLE IF EXISTS `former_fixes`;
DROP TABLE IF EXISTS `hazard_courses`;
