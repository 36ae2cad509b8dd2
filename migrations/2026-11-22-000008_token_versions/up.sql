-- Ends all tokens of a user at once: those of this service carry the version, those of a
-- service that shares the secret carry no more than the moment of their issue.

ALTER TABLE users
    ADD COLUMN token_version integer NOT NULL DEFAULT 0,
    ADD COLUMN tokens_valid_from timestamptz;

COMMENT ON COLUMN users.token_version IS 'The version that a token of this service must carry.';
COMMENT ON COLUMN users.tokens_valid_from IS 'Tokens without a version that were issued before are void; null when none are.';
