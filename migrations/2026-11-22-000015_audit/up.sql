-- Who did what to which record. Each entry carries a keyed digest of itself and of the one
-- before: whoever changes or removes one without the key breaks the chain. No value of a
-- card, no name, no address of a person is in it.

CREATE TABLE audit_entries (
    organisation_id bigint NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    actor varchar NOT NULL,
    actor_id bigint,
    action varchar NOT NULL,
    subject varchar,
    subject_id bigint,
    network varchar,
    request_id varchar,
    details varchar NOT NULL,
    key_id varchar NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (organisation_id, sequence)
);

CREATE INDEX audit_entries_subject_idx ON audit_entries (organisation_id, subject, subject_id);

CREATE TABLE audit_heads (
    organisation_id bigint CONSTRAINT audit_heads_pkey PRIMARY KEY,
    sequence bigint NOT NULL,
    hash bytea NOT NULL
);

COMMENT ON TABLE audit_entries IS 'Who did what to which record, append-only; a chain for each organisation.';
COMMENT ON COLUMN audit_entries.organisation_id IS 'Whose chain; 0 for what concerns no organisation. No reference: entries outlive what they tell of.';
COMMENT ON COLUMN audit_entries.sequence IS 'The place in the chain, from 1 without a gap.';
COMMENT ON COLUMN audit_entries.at IS 'When.';
COMMENT ON COLUMN audit_entries.actor IS 'What kind of actor: user, key, operator, service or nobody.';
COMMENT ON COLUMN audit_entries.actor_id IS 'The id of the user or the key.';
COMMENT ON COLUMN audit_entries.action IS 'What was done, such as record.created.';
COMMENT ON COLUMN audit_entries.subject IS 'What kind of thing it was done to, such as cin or member.';
COMMENT ON COLUMN audit_entries.subject_id IS 'The id of that thing.';
COMMENT ON COLUMN audit_entries.network IS 'From where: the IP address of the client.';
COMMENT ON COLUMN audit_entries.request_id IS 'The id of the request, as in answers and logs.';
COMMENT ON COLUMN audit_entries.details IS 'More of it as JSON text, such as a role; never a value of a card.';
COMMENT ON COLUMN audit_entries.key_id IS 'Which key the digest was made with.';
COMMENT ON COLUMN audit_entries.hash IS 'HMAC-SHA-256 of the digest before and of this entry.';
COMMENT ON TABLE audit_heads IS 'The latest entry of each chain.';
COMMENT ON COLUMN audit_heads.organisation_id IS 'Whose chain.';
COMMENT ON COLUMN audit_heads.sequence IS 'The place of the latest entry.';
COMMENT ON COLUMN audit_heads.hash IS 'Its digest.';

CREATE FUNCTION wathiqa_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER audit_entries_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION wathiqa_refuse_change();
