-- The profile, and addresses that are unique without regard to case. Adopted
-- accounts may be twins but for case: the eldest gets the folded key, the
-- others keep working under their exact spelling.

ALTER TABLE users
    ADD COLUMN phone varchar,
    ADD COLUMN address varchar,
    ADD COLUMN job_title varchar,
    ADD COLUMN department varchar,
    ADD COLUMN created_at timestamptz,
    ADD COLUMN last_login_at timestamptz,
    ADD COLUMN is_administrator boolean NOT NULL DEFAULT false,
    ADD COLUMN email_folded varchar;

-- Set apart from ADD COLUMN, which would date the adopted accounts to today.
ALTER TABLE users ALTER COLUMN created_at SET DEFAULT now();

UPDATE users SET email_folded = lower(email)
WHERE id IN (SELECT min(id) FROM users WHERE email IS NOT NULL GROUP BY lower(email));

ALTER TABLE users ADD CONSTRAINT users_email_folded_key UNIQUE (email_folded);
CREATE INDEX users_lower_email_idx ON users (lower(email));

COMMENT ON COLUMN users.phone IS 'A telephone number, as typed.';
COMMENT ON COLUMN users.address IS 'A postal address.';
COMMENT ON COLUMN users.job_title IS 'What the user does.';
COMMENT ON COLUMN users.department IS 'Where in the organisation.';
COMMENT ON COLUMN users.created_at IS 'When the account was made; null when that was before this column.';
COMMENT ON COLUMN users.last_login_at IS 'The latest log-in.';
COMMENT ON COLUMN users.is_administrator IS 'Whether the user may look at the insides of the service.';
COMMENT ON COLUMN users.email_folded IS 'The address in lower case; null for a twin and for accounts that the application before makes.';
