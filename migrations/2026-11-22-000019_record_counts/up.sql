-- Counts of records, kept by the database whoever writes, so that charts and lists cost
-- no more when there are a million of them.

ALTER TABLE cin_data ADD COLUMN town varchar;
COMMENT ON COLUMN cin_data.town IS 'The town of the birthplace, else of the address; empty when neither names one, null when nobody looked yet.';

-- A writer that knows nothing of towns leaves them to be looked up.
CREATE FUNCTION wathiqa_forget_town() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.town IS NOT DISTINCT FROM OLD.town
        AND (NEW.lieu_fr, NEW.adresse_fr) IS DISTINCT FROM (OLD.lieu_fr, OLD.adresse_fr) THEN
        NEW.town := NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER cin_data_town BEFORE UPDATE ON cin_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_forget_town();

CREATE INDEX cin_data_town_idx ON cin_data (organisation_id, id) WHERE town IS NULL;

-- Looking a town up is no change of the record: nobody sees another state of it.
CREATE FUNCTION wathiqa_count_cin_revision() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    other record := NEW;
BEGIN
    IF NEW.town IS DISTINCT FROM OLD.town THEN
        other.town := OLD.town;
        IF other *= OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END
$$;

DROP TRIGGER cin_data_revision ON cin_data;
CREATE TRIGGER cin_data_revision BEFORE UPDATE ON cin_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_count_cin_revision();

-- For the latest activity of an organisation, and for what is kept long enough.
CREATE INDEX cin_data_updated_at_idx ON cin_data (organisation_id, updated_at);
CREATE INDEX permi_data_updated_at_idx ON permi_data (organisation_id, updated_at);
CREATE INDEX gris_data_updated_at_idx ON gris_data (organisation_id, updated_at);

CREATE TABLE record_generations (
    organisation_id bigint
        CONSTRAINT record_generations_pkey PRIMARY KEY
        CONSTRAINT record_generations_organisation_id_fkey REFERENCES organisations (id) ON DELETE CASCADE,
    generation bigint NOT NULL
);

COMMENT ON TABLE record_generations IS 'How often the records of an organisation changed. Its row is also the turn that writers of records take.';
COMMENT ON COLUMN record_generations.organisation_id IS 'Whose records.';
COMMENT ON COLUMN record_generations.generation IS 'Greater by one with each statement that changed some.';

CREATE TABLE record_counts (
    organisation_id bigint NOT NULL
        CONSTRAINT record_counts_organisation_id_fkey REFERENCES organisations (id) ON DELETE CASCADE,
    kind varchar NOT NULL,
    dimension varchar NOT NULL,
    key varchar COLLATE "C" NOT NULL,
    records bigint NOT NULL,
    judged bigint NOT NULL,
    confidence bigint NOT NULL,
    CONSTRAINT record_counts_pkey PRIMARY KEY (organisation_id, dimension, key, kind)
) WITH (fillfactor = 70);

COMMENT ON TABLE record_counts IS 'How many records there are, by what the charts show.';
COMMENT ON COLUMN record_counts.organisation_id IS 'Whose records.';
COMMENT ON COLUMN record_counts.kind IS 'The slug of the kind: cin, permis or gris.';
COMMENT ON COLUMN record_counts.dimension IS 'By what: all, day (first recorded, in Africa/Casablanca), sex, town, category, usage, circulation (the month).';
COMMENT ON COLUMN record_counts.key IS 'Which of them; empty where records say nothing, or for the dimension all.';
COMMENT ON COLUMN record_counts.records IS 'How many.';
COMMENT ON COLUMN record_counts.judged IS 'How many of them have a confidence.';
COMMENT ON COLUMN record_counts.confidence IS 'The sum of those, in millionths, so that nothing is lost by rounding as they come and go.';

-- What is counted: each table with the slug of its kind, then pairs of a dimension and the
-- expression of its key. A recount is to be run after a change of these.
CREATE FUNCTION wathiqa_counted() RETURNS TABLE (tbl text, arguments text[])
LANGUAGE sql IMMUTABLE AS $$
    SELECT kinds.tbl, ARRAY[slug, 'day', 'date(created_at AT TIME ZONE ''Africa/Casablanca'')'] || dimensions
    FROM (VALUES
        ('cin_data', 'cin', ARRAY['sex', 'sexe', 'town', 'town']),
        ('permi_data', 'permis', ARRAY['category', 'categorie']),
        ('gris_data', 'gris', ARRAY[
            'usage', 'usage_type',
            'circulation', 'to_char(date_premiere_immatriculation, ''YYYY-MM'')'
        ])
    ) AS kinds (tbl, slug, dimensions)
$$;

-- Spells the query that counts rows, each with a sign. A key is cut, because an index takes
-- no text of any length.
CREATE FUNCTION wathiqa_counting(changed text, arguments text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    first integer := array_lower(arguments, 1);
    keys text := '(''all'', '''')';
    judged constant text := 'coalesce(sum(sign) FILTER (WHERE confidence IS NOT NULL), 0)::bigint';
    confidence constant text := 'coalesce(sum(sign * round(confidence * 1000000)::bigint), 0)::bigint';
BEGIN
    FOR i IN first + 1 .. array_upper(arguments, 1) - 1 BY 2 LOOP
        keys := keys || format(', (%L, left(coalesce((%s)::text, ''''), 200))', arguments[i], arguments[i + 1]);
    END LOOP;
    RETURN format(
        'SELECT organisation_id, %1$L::varchar, dimension::varchar, key::varchar, sum(sign), %2$s, %3$s
            FROM (%4$s) AS changed CROSS JOIN LATERAL (VALUES %5$s) AS keys (dimension, key)
            GROUP BY organisation_id, dimension, key
            HAVING (sum(sign), %2$s, %3$s) <> (0, 0, 0)',
        arguments[first], judged, confidence, changed, keys
    );
END
$$;

-- Counts all records of all organisations. Stable: one look at the tables, that of the
-- statement that asks.
CREATE FUNCTION wathiqa_recounted() RETURNS SETOF record_counts
LANGUAGE plpgsql STABLE AS $$
DECLARE
    counted record;
BEGIN
    FOR counted IN SELECT * FROM wathiqa_counted() LOOP
        RETURN QUERY EXECUTE
            wathiqa_counting(format('SELECT 1 AS sign, * FROM %I', counted.tbl), counted.arguments);
    END LOOP;
END
$$;

-- Counts what a statement changed. The generation comes first: its row is the turn of
-- whoever changes records of the organisation, so that no two wait for each other.
-- Runs as its owner: a role of the application before may know nothing of the tables.
CREATE FUNCTION wathiqa_count_records() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    changed text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS sign, * FROM new_rows'
        WHEN 'DELETE' THEN 'SELECT -1 AS sign, * FROM old_rows'
        ELSE 'SELECT 1 AS sign, * FROM new_rows UNION ALL SELECT -1, * FROM old_rows'
    END;
BEGIN
    EXECUTE format(
        'INSERT INTO record_generations AS known (organisation_id, generation)
            SELECT organisation_id, 1 FROM (%s) AS changed GROUP BY 1 ORDER BY 1
            ON CONFLICT (organisation_id) DO UPDATE SET generation = known.generation + 1',
        changed
    );
    EXECUTE format(
        'INSERT INTO record_counts AS known
                (organisation_id, kind, dimension, key, records, judged, confidence) %s
            ON CONFLICT (organisation_id, dimension, key, kind) DO UPDATE SET
                records = known.records + excluded.records,
                judged = known.judged + excluded.judged,
                confidence = known.confidence + excluded.confidence',
        wathiqa_counting(changed, TG_ARGV)
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION wathiqa_count_none() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE record_generations SET generation = generation + 1;
    DELETE FROM record_counts WHERE kind = TG_ARGV[0];
    RETURN NULL;
END
$$;

DO $$
DECLARE
    counted record;
    spelled text;
BEGIN
    FOR counted IN SELECT * FROM wathiqa_counted() LOOP
        SELECT string_agg(quote_literal(argument), ', ' ORDER BY place) INTO spelled
            FROM unnest(counted.arguments) WITH ORDINALITY AS list (argument, place);
        EXECUTE format(
            'CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION wathiqa_count_records(%s)',
            counted.tbl || '_count_inserted', counted.tbl, spelled
        );
        EXECUTE format(
            'CREATE TRIGGER %I AFTER UPDATE ON %I
                REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                FOR EACH STATEMENT EXECUTE FUNCTION wathiqa_count_records(%s)',
            counted.tbl || '_count_updated', counted.tbl, spelled
        );
        EXECUTE format(
            'CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
                FOR EACH STATEMENT EXECUTE FUNCTION wathiqa_count_records(%s)',
            counted.tbl || '_count_deleted', counted.tbl, spelled
        );
        EXECUTE format(
            'CREATE TRIGGER %I AFTER TRUNCATE ON %I
                FOR EACH STATEMENT EXECUTE FUNCTION wathiqa_count_none(%L)',
            counted.tbl || '_count_none', counted.tbl, counted.arguments[1]
        );
    END LOOP;
END
$$;

INSERT INTO record_counts SELECT * FROM wathiqa_recounted();
