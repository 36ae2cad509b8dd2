-- Refresh tokens, each good for one use (RFC 9700, 4.14.2): what descends from one log-in
-- is a family, and dies together when one of it is used twice.

CREATE TABLE refresh_tokens (
    token_hash bytea CONSTRAINT refresh_tokens_pkey PRIMARY KEY,
    family uuid NOT NULL,
    user_id integer NOT NULL
        CONSTRAINT refresh_tokens_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    family_expires_at timestamptz NOT NULL,
    successor_salt bytea,
    used_at timestamptz
);

CREATE INDEX refresh_tokens_family_idx ON refresh_tokens (family);
CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_family_expires_at_idx ON refresh_tokens (family_expires_at);

COMMENT ON TABLE refresh_tokens IS 'Refresh tokens and those that they replaced, until their family expires.';
COMMENT ON COLUMN refresh_tokens.token_hash IS 'SHA-256 of the token; never the token.';
COMMENT ON COLUMN refresh_tokens.family IS 'The session: all that descends from one log-in.';
COMMENT ON COLUMN refresh_tokens.user_id IS 'Whom it speaks for.';
COMMENT ON COLUMN refresh_tokens.expires_at IS 'Until when it can be used.';
COMMENT ON COLUMN refresh_tokens.family_expires_at IS 'When the session ends whatever happens.';
COMMENT ON COLUMN refresh_tokens.successor_salt IS 'Makes the successor out of the token, so that it can be given again to who lost it; null while unused.';
COMMENT ON COLUMN refresh_tokens.used_at IS 'When it was used; null while it was not.';
