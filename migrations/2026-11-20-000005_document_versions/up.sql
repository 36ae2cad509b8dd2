-- What a record said before a newer card of the same number replaced it.

CREATE TABLE document_versions (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT document_versions_pkey PRIMARY KEY,
    kind varchar NOT NULL,
    record_id integer NOT NULL,
    organisation_id bigint NOT NULL
        CONSTRAINT document_versions_organisation_id_fkey REFERENCES organisations (id),
    state jsonb NOT NULL,
    replaced_at timestamptz NOT NULL DEFAULT now(),
    replaced_by integer
        CONSTRAINT document_versions_replaced_by_fkey REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX document_versions_record_idx ON document_versions (organisation_id, kind, record_id, id);

COMMENT ON TABLE document_versions IS 'Earlier states of records, append-only.';
COMMENT ON COLUMN document_versions.id IS 'The key, ascending in time.';
COMMENT ON COLUMN document_versions.kind IS 'The slug of the kind: cin, permis or gris.';
COMMENT ON COLUMN document_versions.record_id IS 'The id in the table of that kind.';
COMMENT ON COLUMN document_versions.organisation_id IS 'Whose record it is.';
COMMENT ON COLUMN document_versions.state IS 'The row as it was, with its reading.';
COMMENT ON COLUMN document_versions.replaced_at IS 'Up to when it was so.';
COMMENT ON COLUMN document_versions.replaced_by IS 'Who recorded the newer card.';
