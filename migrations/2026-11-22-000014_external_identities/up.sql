-- Accounts at providers of identity (OpenID Connect) that may sign in as a user.

CREATE TABLE external_identities (
    issuer varchar NOT NULL,
    subject varchar NOT NULL,
    user_id integer NOT NULL
        CONSTRAINT external_identities_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT external_identities_pkey PRIMARY KEY (issuer, subject)
);

CREATE INDEX external_identities_user_id_idx ON external_identities (user_id);

COMMENT ON TABLE external_identities IS 'Accounts elsewhere that sign in as a user.';
COMMENT ON COLUMN external_identities.issuer IS 'The provider, as its tokens name it.';
COMMENT ON COLUMN external_identities.subject IS 'The account there; unique and never reassigned (OpenID Connect Core, 2).';
COMMENT ON COLUMN external_identities.user_id IS 'The user here.';
COMMENT ON COLUMN external_identities.created_at IS 'When the two were linked.';
