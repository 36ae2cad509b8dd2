-- Decisions of reviewers become what the machine says of its own readings.

ALTER TABLE document_versions DROP COLUMN cause;

DROP TRIGGER gris_data_revision ON gris_data;
DROP TRIGGER permi_data_revision ON permi_data;
DROP TRIGGER cin_data_revision ON cin_data;
DROP FUNCTION wathiqa_count_revision();

DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['cin_data', 'permi_data', 'gris_data'] LOOP
        EXECUTE format('UPDATE %I SET status = ''complete'' WHERE status = ''approved''', tbl);
        EXECUTE format('UPDATE %I SET status = ''needs_review'' WHERE status = ''rejected''', tbl);
        EXECUTE format(
            'ALTER TABLE %1$I
                DROP CONSTRAINT %2$I,
                ADD CONSTRAINT %2$I CHECK (status IN (''complete'', ''needs_review'')),
                DROP COLUMN pictures_digest,
                DROP COLUMN need,
                DROP COLUMN corrections,
                DROP COLUMN revision',
            tbl, tbl || '_status_check'
        );
        EXECUTE format('COMMENT ON COLUMN %I.status IS %L', tbl, 'Whether a person should look at it: complete or needs_review.');
    END LOOP;
END
$$;
