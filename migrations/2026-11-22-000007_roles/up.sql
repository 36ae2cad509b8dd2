-- What a member may do in the organisation. Who registered alone runs an organisation of
-- their own; those of the application before share the default one, as agents.

ALTER TABLE users ADD COLUMN role varchar NOT NULL DEFAULT 'agent'
    CONSTRAINT users_role_check CHECK (role IN ('agent', 'reviewer', 'admin', 'auditor'));

UPDATE users SET role = 'admin' WHERE organisation_id <> 1 OR is_administrator;

COMMENT ON COLUMN users.role IS 'What the user may do in the organisation: agent, reviewer, admin or auditor.';
COMMENT ON COLUMN users.is_administrator IS 'Whether the user operates this service and may look at its insides; no role in an organisation.';
