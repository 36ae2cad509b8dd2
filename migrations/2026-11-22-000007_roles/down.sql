COMMENT ON COLUMN users.is_administrator IS 'Whether the user may look at the insides of the service.';
ALTER TABLE users DROP COLUMN role;
