-- What one process at a time may do, such as to hold a connection of which the platform
-- allows one. A lease that was not renewed in time is anybody's.

-- +goose Up
CREATE TABLE IF NOT EXISTS `leases` (
  `name` TEXT NOT NULL DEFAULT '',
  `owner` TEXT NOT NULL DEFAULT '',
  `expires_at` INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
);

-- +goose Down
DROP TABLE IF EXISTS `leases`;
