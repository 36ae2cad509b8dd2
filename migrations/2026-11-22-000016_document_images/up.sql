-- Pictures of cards, where a deployment keeps them: each encrypted with a key of its own,
-- which is encrypted with the master key.

CREATE TABLE document_images (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT document_images_pkey PRIMARY KEY,
    organisation_id bigint NOT NULL
        CONSTRAINT document_images_organisation_id_fkey REFERENCES organisations (id),
    kind varchar NOT NULL,
    record_id integer NOT NULL,
    side varchar NOT NULL
        CONSTRAINT document_images_side_check CHECK (side IN ('recto', 'verso')),
    key_id varchar NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Compressing what is encrypted only costs time.
ALTER TABLE document_images ALTER COLUMN sealed SET STORAGE EXTERNAL;

CREATE INDEX document_images_record_idx ON document_images (organisation_id, kind, record_id, id);
CREATE INDEX document_images_created_at_idx ON document_images (created_at);
CREATE INDEX document_images_key_id_idx ON document_images (key_id);

COMMENT ON TABLE document_images IS 'Pictures of cards, encrypted.';
COMMENT ON COLUMN document_images.id IS 'The key, ascending in time.';
COMMENT ON COLUMN document_images.organisation_id IS 'Whose record it belongs to.';
COMMENT ON COLUMN document_images.kind IS 'The slug of the kind: cin, permis or gris.';
COMMENT ON COLUMN document_images.record_id IS 'The id in the table of that kind.';
COMMENT ON COLUMN document_images.side IS 'The side of the card: recto or verso.';
COMMENT ON COLUMN document_images.key_id IS 'Which master key wraps the key.';
COMMENT ON COLUMN document_images.wrapped_key IS 'The key of this picture, encrypted with the master key.';
COMMENT ON COLUMN document_images.sealed IS 'A JPEG, encrypted with the key of this picture.';
COMMENT ON COLUMN document_images.created_at IS 'When it was stored.';
