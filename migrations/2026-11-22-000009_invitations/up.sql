-- Links by which a person joins an organisation, each good for one account.

CREATE TABLE invitations (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT invitations_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL
        CONSTRAINT invitations_organisation_id_fkey REFERENCES organisations (id) ON DELETE CASCADE,
    email varchar NOT NULL,
    role varchar NOT NULL
        CONSTRAINT invitations_role_check CHECK (role IN ('agent', 'reviewer', 'admin', 'auditor')),
    token_hash bytea NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,
    created_by integer
        CONSTRAINT invitations_created_by_fkey REFERENCES users (id) ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

CREATE INDEX invitations_organisation_id_idx ON invitations (organisation_id, id);

COMMENT ON TABLE invitations IS 'Invitations that are open; one that is used or withdrawn is gone.';
COMMENT ON COLUMN invitations.id IS 'The key.';
COMMENT ON COLUMN invitations.organisation_id IS 'Which organisation the person joins.';
COMMENT ON COLUMN invitations.email IS 'The address that has to register.';
COMMENT ON COLUMN invitations.role IS 'The role that the person gets.';
COMMENT ON COLUMN invitations.token_hash IS 'SHA-256 of what the link carries; never the token.';
COMMENT ON COLUMN invitations.created_by IS 'Who invited; null when the operator did or the account is gone.';
COMMENT ON COLUMN invitations.created_at IS 'When it was made.';
COMMENT ON COLUMN invitations.expires_at IS 'Until when it can be used.';
