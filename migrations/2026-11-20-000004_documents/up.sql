-- What a record needs beside the card's values. A number is unique within an
-- organisation: a key over all of them would tell one organisation what another holds.

DO $$
DECLARE
    kind record;
    old record;
BEGIN
    FOR kind IN
        SELECT * FROM (VALUES
            ('cin_data', 'cin'),
            ('permi_data', 'numero_permis'),
            ('gris_data', 'numero_matricule_marocain')
        ) AS kinds (tbl, num)
    LOOP
        -- SQLAlchemy makes a constraint or, for indexed columns, a unique index.
        FOR old IN
            SELECT i.indexrelid::regclass::text AS index, c.conname
            FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = kind.num
            LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
            WHERE i.indrelid = kind.tbl::regclass
                AND i.indisunique AND NOT i.indisprimary
                AND i.indnatts = 1 AND i.indkey[0] = a.attnum
        LOOP
            IF old.conname IS NOT NULL THEN
                EXECUTE format('ALTER TABLE %I DROP CONSTRAINT %I', kind.tbl, old.conname);
            ELSE
                EXECUTE format('DROP INDEX %s', old.index);
            END IF;
        END LOOP;

        EXECUTE format(
            'ALTER TABLE %1$I
                ADD COLUMN created_at timestamptz,
                ADD COLUMN updated_at timestamptz,
                ADD COLUMN created_by integer
                    CONSTRAINT %2$I REFERENCES users (id) ON DELETE SET NULL,
                ADD COLUMN status varchar NOT NULL DEFAULT ''needs_review''
                    CONSTRAINT %3$I CHECK (status IN (''complete'', ''needs_review'')),
                ADD COLUMN confidence double precision,
                ADD COLUMN reading jsonb,
                ADD CONSTRAINT %4$I UNIQUE (organisation_id, %5$I)',
            kind.tbl,
            kind.tbl || '_created_by_fkey',
            kind.tbl || '_status_check',
            kind.tbl || '_organisation_id_number_key',
            kind.num
        );
        -- Set apart from ADD COLUMN, which would date the adopted rows to today.
        EXECUTE format(
            'ALTER TABLE %I ALTER COLUMN created_at SET DEFAULT now(), ALTER COLUMN updated_at SET DEFAULT now()',
            kind.tbl
        );
        EXECUTE format(
            'CREATE INDEX %I ON %I (organisation_id, created_at)',
            kind.tbl || '_organisation_id_created_at_idx', kind.tbl
        );
        EXECUTE format('COMMENT ON COLUMN %I.created_at IS %L', kind.tbl, 'When it was first recorded; null when that was before this column.');
        EXECUTE format('COMMENT ON COLUMN %I.updated_at IS %L', kind.tbl, 'When the card was last recorded.');
        EXECUTE format('COMMENT ON COLUMN %I.created_by IS %L', kind.tbl, 'Who recorded it first.');
        EXECUTE format('COMMENT ON COLUMN %I.status IS %L', kind.tbl, 'Whether a person should look at it: complete or needs_review.');
        EXECUTE format('COMMENT ON COLUMN %I.confidence IS %L', kind.tbl, 'The mean confidence of the values given, 0 to 1.');
        EXECUTE format('COMMENT ON COLUMN %I.reading IS %L', kind.tbl, 'The whole answer with the evidence of every value; null for rows of the application before.');
    END LOOP;
END
$$;
