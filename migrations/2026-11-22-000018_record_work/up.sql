-- What people's work with records needs beside the card's values: which state of the
-- record is meant, what people corrected, how urgently somebody should look at it, and
-- which pictures it was read from.

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['cin_data', 'permi_data', 'gris_data'] LOOP
        EXECUTE format(
            'ALTER TABLE %1$I
                ADD COLUMN revision integer NOT NULL DEFAULT 1,
                ADD COLUMN corrections jsonb,
                ADD COLUMN need double precision NOT NULL DEFAULT 0,
                ADD COLUMN pictures_digest bytea,
                DROP CONSTRAINT %2$I,
                ADD CONSTRAINT %2$I CHECK (status IN (''complete'', ''needs_review'', ''approved'', ''rejected''))',
            tbl, tbl || '_status_check'
        );
        EXECUTE format(
            'CREATE INDEX %I ON %I (organisation_id, pictures_digest) WHERE pictures_digest IS NOT NULL',
            tbl || '_pictures_digest_idx', tbl
        );
        EXECUTE format(
            'CREATE INDEX %I ON %I (organisation_id, (-need), id) WHERE status = ''needs_review''',
            tbl || '_need_idx', tbl
        );
        EXECUTE format('COMMENT ON COLUMN %I.status IS %L', tbl, 'Whether a person should look at it, complete or needs_review; or what one decided, approved or rejected.');
        EXECUTE format('COMMENT ON COLUMN %I.revision IS %L', tbl, 'Counts the states of the record, whoever changed it; what If-Match names.');
        EXECUTE format('COMMENT ON COLUMN %I.corrections IS %L', tbl, 'What people corrected: by column, the value of the machine beside theirs, who and when; null when nothing.');
        EXECUTE format('COMMENT ON COLUMN %I.need IS %L', tbl, 'How urgently a person should look at it: the greater, the sooner.');
        EXECUTE format('COMMENT ON COLUMN %I.pictures_digest IS %L', tbl, 'SHA-256 over the pictures that it was last read from; null when unknown.');
    END LOOP;
END
$$;

-- Counts the states whoever writes, the application before too.
CREATE FUNCTION wathiqa_count_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END
$$;

CREATE TRIGGER cin_data_revision BEFORE UPDATE ON cin_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_count_revision();
CREATE TRIGGER permi_data_revision BEFORE UPDATE ON permi_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_count_revision();
CREATE TRIGGER gris_data_revision BEFORE UPDATE ON gris_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_count_revision();

ALTER TABLE document_versions
    ADD COLUMN cause varchar NOT NULL DEFAULT 'processed'
        CONSTRAINT document_versions_cause_check CHECK (cause IN ('processed', 'corrected', 'approved', 'rejected'));

COMMENT ON COLUMN document_versions.cause IS 'What replaced it: a card that was processed, or what a reviewer did.';
