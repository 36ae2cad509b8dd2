-- Keys with which servers call, in the name of an organisation.

CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT api_keys_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL
        CONSTRAINT api_keys_organisation_id_fkey REFERENCES organisations (id) ON DELETE CASCADE,
    name varchar NOT NULL,
    prefix varchar NOT NULL,
    key_hash bytea NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
    scopes varchar NOT NULL,
    created_by integer
        CONSTRAINT api_keys_created_by_fkey REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX api_keys_organisation_id_idx ON api_keys (organisation_id, id);

COMMENT ON TABLE api_keys IS 'Keys of servers that call in the name of an organisation.';
COMMENT ON COLUMN api_keys.id IS 'The key of the row.';
COMMENT ON COLUMN api_keys.organisation_id IS 'Whose records it opens.';
COMMENT ON COLUMN api_keys.name IS 'What its maker calls it.';
COMMENT ON COLUMN api_keys.prefix IS 'Its first characters, to tell it from others.';
COMMENT ON COLUMN api_keys.key_hash IS 'SHA-256 of the key; never the key.';
COMMENT ON COLUMN api_keys.scopes IS 'What it may do, with blanks between: read, process, correct, export, erase or audit.';
COMMENT ON COLUMN api_keys.created_by IS 'Who made it; null when that account is gone.';
COMMENT ON COLUMN api_keys.created_at IS 'When it was made.';
COMMENT ON COLUMN api_keys.expires_at IS 'Until when it can be used.';
COMMENT ON COLUMN api_keys.last_used_at IS 'When it was last used, to the minute; null when never.';
COMMENT ON COLUMN api_keys.revoked_at IS 'When it was revoked; null when it was not.';
