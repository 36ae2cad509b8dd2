-- Tokens that were logged out before they expired.

CREATE TABLE revoked_tokens (
    token_key bytea CONSTRAINT revoked_tokens_pkey PRIMARY KEY,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX revoked_tokens_expires_at_idx ON revoked_tokens (expires_at);
CREATE INDEX revoked_tokens_revoked_at_idx ON revoked_tokens (revoked_at);

COMMENT ON TABLE revoked_tokens IS 'Log-outs, kept until the token would have expired.';
COMMENT ON COLUMN revoked_tokens.token_key IS 'SHA-256 of what the token signs; never the token.';
COMMENT ON COLUMN revoked_tokens.expires_at IS 'When the token expires by itself.';
COMMENT ON COLUMN revoked_tokens.revoked_at IS 'When it was logged out.';
