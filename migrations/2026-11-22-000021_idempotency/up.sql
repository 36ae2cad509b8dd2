-- Requests that a client may send again without doing anything twice.

CREATE TABLE idempotency_keys (
    organisation_id bigint NOT NULL
        CONSTRAINT idempotency_keys_organisation_id_fkey REFERENCES organisations (id) ON DELETE CASCADE,
    caller varchar NOT NULL,
    key_hash bytea NOT NULL,
    request_hash bytea NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    kind varchar,
    record_id integer,
    answer jsonb,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (organisation_id, caller, key_hash)
);

CREATE INDEX idempotency_keys_claimed_at_idx ON idempotency_keys (claimed_at);
CREATE INDEX idempotency_keys_record_idx ON idempotency_keys (organisation_id, kind, record_id);

COMMENT ON TABLE idempotency_keys IS 'What was answered to requests with an Idempotency-Key, for a day.';
COMMENT ON COLUMN idempotency_keys.organisation_id IS 'Whose request it was.';
COMMENT ON COLUMN idempotency_keys.caller IS 'Who sent it: user or key, with the id.';
COMMENT ON COLUMN idempotency_keys.key_hash IS 'SHA-256 of the key that the client chose.';
COMMENT ON COLUMN idempotency_keys.request_hash IS 'SHA-256 of what was asked.';
COMMENT ON COLUMN idempotency_keys.claimed_at IS 'When the request was begun.';
COMMENT ON COLUMN idempotency_keys.kind IS 'The slug of the kind of the record that came of it.';
COMMENT ON COLUMN idempotency_keys.record_id IS 'The id of that record, with which the answer is erased.';
COMMENT ON COLUMN idempotency_keys.answer IS 'What was answered; null while it is under way.';
