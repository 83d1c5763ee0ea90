-- The platform's own code for why a message was refused, for the operator.

-- +goose Up
ALTER TABLE messages ADD COLUMN code TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE messages DROP COLUMN code;
