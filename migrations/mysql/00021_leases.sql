-- What one process at a time may do, such as to hold a connection of which the platform
-- allows one. A lease that was not renewed in time is anybody's.

-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS `leases` (
  `name` VARCHAR(64) NOT NULL DEFAULT '',
  `owner` VARCHAR(64) NOT NULL DEFAULT '',
  `expires_at` BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS `leases`;
