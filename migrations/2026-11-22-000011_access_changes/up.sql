-- Whose access changed lately, whoever changed it: every replica asks for the last of
-- these twice a second and forgets what it remembered of them.

CREATE TABLE access_changes (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT access_changes_pkey PRIMARY KEY,
    user_id integer,
    key_id bigint,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX access_changes_changed_at_idx ON access_changes (changed_at);

COMMENT ON TABLE access_changes IS 'Changes of what users and keys may do, kept for some minutes.';
COMMENT ON COLUMN access_changes.id IS 'The key, ascending in time.';
COMMENT ON COLUMN access_changes.user_id IS 'The user whose access changed, or null.';
COMMENT ON COLUMN access_changes.key_id IS 'The key of a server whose access changed, or null.';
COMMENT ON COLUMN access_changes.changed_at IS 'When, by the clock and not by the transaction.';

-- Runs as its owner: a role of the application before may know nothing of the table.
CREATE FUNCTION wathiqa_note_user_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO access_changes (user_id) VALUES (OLD.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION wathiqa_note_key_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO access_changes (key_id) VALUES (OLD.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER users_access_changed
    AFTER DELETE OR UPDATE OF role, organisation_id, is_administrator, token_version, tokens_valid_from
    ON users FOR EACH ROW EXECUTE FUNCTION wathiqa_note_user_change();

CREATE TRIGGER api_keys_access_changed
    AFTER DELETE OR UPDATE OF scopes, expires_at, revoked_at
    ON api_keys FOR EACH ROW EXECUTE FUNCTION wathiqa_note_key_change();
