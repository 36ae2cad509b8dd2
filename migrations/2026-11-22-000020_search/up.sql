-- Finding records by name, number or place, in either script and however it is spelled.
-- The database folds what it holds and what is asked with the same functions, so that the
-- two cannot come apart, whoever writes the rows. Functions in indexes that call others fix
-- the search path: maintenance and restores run without one.

-- Letters without what people leave out or write otherwise: case, accents, tatweel, short
-- vowels, the seats of a hamza, alef maksura, ta marbuta, eastern digits. `|` parts names.
CREATE FUNCTION wathiqa_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    folded text := lower(normalize(given, NFKD));
BEGIN
    folded := regexp_replace(folded, '[\u0300-\u036f\u0640\u064b-\u065f\u0670]', '', 'g');
    folded := translate(replace(replace(folded, 'œ', 'oe'), 'æ', 'ae'),
        'ىةٱکیگڭۀہيøłđ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹',
        'يهاكيككههيold01234567890123456789');
    RETURN btrim(regexp_replace(folded, '[^0-9a-zء-ي|]+', ' ', 'g'));
END
$$;

-- What a name sounds like in either script: its consonants, by the spelling habits of
-- Moroccan registers. BENJELLOUN, BEN JELLOUN and بنجلون are alike.
CREATE FUNCTION wathiqa_sound(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    sound text := wathiqa_fold(translate(given, 'ةء', ''));
BEGIN
    -- The article, which Latin spellings join, assimilate or leave out.
    sound := regexp_replace(sound, 'عبد ?(ال)?', 'عبد', 'g');
    sound := regexp_replace(sound, '(^|[ |])ال(?=[ء-ي]{2})', '\1', 'g');
    sound := regexp_replace(sound, '(^|[ |])abd ?[aeiou]?l? ?', '\1abd', 'g');
    sound := regexp_replace(sound, '(^|[ |])[ae]l +', '\1', 'g');
    sound := regexp_replace(sound, '(^|[ |])[ae]l(?=[b-df-hj-np-tv-xz][a-z]{2})', '\1', 'g');
    -- Several letters for one sound; capitals are done.
    sound := replace(replace(replace(sound, 'sch', 'C'), 'ch', 'C'), 'sh', 'C');
    sound := replace(replace(replace(sound, 'kh', 'X'), 'gh', 'G'), 'dh', 'D');
    sound := replace(replace(replace(sound, 'th', 'T'), 'dj', 'J'), 'ph', 'F');
    sound := regexp_replace(replace(sound, 'qu', 'K'), 'c(?=[eiy])', 'S', 'g');
    sound := translate(sound,
        'bcdfghjklmnpqrstvxzبتثجحخدذرزسشصضطظغفقكلمنهaeiouywاويع',
        'BKDFKHJKLMNBKRSTFKZBTTJHXDDRZSCSDTDGFKKLMNH');
    RETURN regexp_replace(sound, '([A-Z])\1+', '\1', 'g');
END
$$;

-- The words of names, each by itself and those of one name together; those that a person
-- may leave out are among the first.
CREATE FUNCTION wathiqa_words(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT string_to_array(translate(folded, '|', ' '), ' ')
        || string_to_array(replace(folded, ' ', ''), '|')
$$;

-- What a record is found by. Each lexeme begins with the organisation and one letter: w for
-- a word of a name, s for its sound, n for the number, p for a word of a place.
CREATE FUNCTION wathiqa_lexemes(organisation bigint, names text, number text, places text)
RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 400 SET search_path FROM CURRENT AS $$
    SELECT array_to_tsvector(coalesce(array_agg(DISTINCT left(organisation || letter || word, 200)), '{}'))
    FROM (
        SELECT 'w', unnest(wathiqa_words(wathiqa_fold(names)))
        UNION ALL SELECT 's', unnest(wathiqa_words(wathiqa_sound(names)))
        UNION ALL SELECT 'n', replace(wathiqa_fold(number), ' ', '')
        UNION ALL SELECT 'p', unnest(wathiqa_words(wathiqa_fold(places)))
    ) AS lexemes (letter, word)
    WHERE word <> ''
$$;

-- What finds the records that somebody means, or null for a text without a letter or digit.
-- `how` is words (each word begins a word of a name, or all together the number), sounds,
-- places or number. The last word may be unfinished.
CREATE FUNCTION wathiqa_query(organisation bigint, how text, asked text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    told text := replace(left(asked, 200), '|', ' ');
    folded text := CASE how WHEN 'sounds' THEN wathiqa_sound(told) ELSE wathiqa_fold(told) END;
    letter text := CASE how WHEN 'sounds' THEN 's' WHEN 'places' THEN 'p' WHEN 'number' THEN 'n' ELSE 'w' END;
    -- The beginnings of short words and sounds are those of too many.
    enough integer := CASE how WHEN 'sounds' THEN 3 ELSE 2 END;
    joined text := replace(folded, ' ', '');
    each text;
BEGIN
    IF joined = '' THEN
        RETURN NULL;
    END IF;
    SELECT string_agg(
            format('''%s%s%s''', organisation, letter, word)
                || CASE WHEN length(word) >= enough THEN ':*' ELSE '' END, ' & ')
        INTO each FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> '';
    RETURN (CASE how
        WHEN 'number' THEN format('''%sn%s'':*', organisation, joined)
        WHEN 'places' THEN each
        WHEN 'sounds' THEN format('(%s) | ''%ss%s''%s', each, organisation, joined,
            CASE WHEN length(joined) >= enough THEN ':*' ELSE '' END)
        ELSE format('(%s) | ''%sw%s'':* | ''%sn%s'':*', each, organisation, joined, organisation, joined)
    END)::tsquery;
END
$$;

-- The names of a record, each after the other; what functions of the row are made of.
CREATE FUNCTION wathiqa_names(nom_fr text, prenom_fr text, nom_ar text, prenom_ar text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(nom_fr, '') || '|' || coalesce(prenom_fr, '')
        || '|' || coalesce(nom_ar, '') || '|' || coalesce(prenom_ar, '')
$$;

CREATE INDEX cin_data_by_id_idx ON cin_data (organisation_id, id);
CREATE INDEX cin_data_by_created_idx ON cin_data (organisation_id, (coalesce(created_at, '-infinity')), id);
CREATE INDEX cin_data_by_name_idx ON cin_data (organisation_id, (coalesce(nom_fr, '')::text COLLATE "C"), id);
CREATE INDEX cin_data_by_birth_idx ON cin_data (organisation_id, (coalesce(date_naissance, 'infinity')), id);
CREATE INDEX cin_data_by_expiry_idx ON cin_data (organisation_id, (coalesce(validite, 'infinity')), id);
CREATE INDEX cin_data_by_confidence_idx ON cin_data (organisation_id, (coalesce(confidence, -1)), id);
CREATE INDEX cin_data_by_status_idx ON cin_data (organisation_id, status, id);
CREATE INDEX cin_data_by_created_by_idx ON cin_data (organisation_id, created_by, id);
CREATE INDEX cin_data_search_idx ON cin_data USING gin ((
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), cin,
        coalesce(lieu_fr, '') || '|' || coalesce(lieu_ar, '') || '|' || coalesce(adresse_fr, '') || '|' || coalesce(adresse_ar, ''))
));
CREATE INDEX cin_data_misread_idx ON cin_data (organisation_id, (corrections -> 'cin' ->> 'machine'))
    WHERE corrections IS NOT NULL;

CREATE INDEX permi_data_by_id_idx ON permi_data (organisation_id, id);
CREATE INDEX permi_data_by_created_idx ON permi_data (organisation_id, (coalesce(created_at, '-infinity')), id);
CREATE INDEX permi_data_by_name_idx ON permi_data (organisation_id, (coalesce(nom_fr, '')::text COLLATE "C"), id);
CREATE INDEX permi_data_by_birth_idx ON permi_data (organisation_id, (coalesce(date_naissance, 'infinity')), id);
CREATE INDEX permi_data_by_expiry_idx ON permi_data (organisation_id, (coalesce(date_expiration, 'infinity')), id);
CREATE INDEX permi_data_by_confidence_idx ON permi_data (organisation_id, (coalesce(confidence, -1)), id);
CREATE INDEX permi_data_by_status_idx ON permi_data (organisation_id, status, id);
CREATE INDEX permi_data_by_created_by_idx ON permi_data (organisation_id, created_by, id);
CREATE INDEX permi_data_search_idx ON permi_data USING gin ((
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), numero_permis,
        coalesce(lieu_fr, '') || '|' || coalesce(lieu_ar, ''))
));
CREATE INDEX permi_data_misread_idx ON permi_data (organisation_id, (corrections -> 'numero_permis' ->> 'machine'))
    WHERE corrections IS NOT NULL;

CREATE INDEX gris_data_by_id_idx ON gris_data (organisation_id, id);
CREATE INDEX gris_data_by_created_idx ON gris_data (organisation_id, (coalesce(created_at, '-infinity')), id);
CREATE INDEX gris_data_by_name_idx ON gris_data (organisation_id, (coalesce(nom_fr, '')::text COLLATE "C"), id);
CREATE INDEX gris_data_by_expiry_idx ON gris_data (organisation_id, (coalesce(date_validite, 'infinity')), id);
CREATE INDEX gris_data_by_confidence_idx ON gris_data (organisation_id, (coalesce(confidence, -1)), id);
CREATE INDEX gris_data_by_status_idx ON gris_data (organisation_id, status, id);
CREATE INDEX gris_data_by_created_by_idx ON gris_data (organisation_id, created_by, id);
CREATE INDEX gris_data_search_idx ON gris_data USING gin ((
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), numero_matricule_marocain,
        coalesce(adresse_fr, '') || '|' || coalesce(adresse_ar, ''))
));
CREATE INDEX gris_data_misread_idx ON gris_data (organisation_id, (corrections -> 'numero_matricule_marocain' ->> 'machine'))
    WHERE corrections IS NOT NULL;

-- The number of the holder's identity card, on a card that prints it beside its own.
CREATE INDEX cin_data_holder_idx ON cin_data (organisation_id, (reading -> 'fields' -> 'identite.cin' ->> 'value'))
    WHERE reading -> 'fields' -> 'identite.cin' ->> 'value' IS NOT NULL;
CREATE INDEX permi_data_holder_idx ON permi_data (organisation_id, (reading -> 'fields' -> 'identite.cin' ->> 'value'))
    WHERE reading -> 'fields' -> 'identite.cin' ->> 'value' IS NOT NULL;
CREATE INDEX gris_data_holder_idx ON gris_data (organisation_id, (reading -> 'fields' -> 'identite.cin' ->> 'value'))
    WHERE reading -> 'fields' -> 'identite.cin' ->> 'value' IS NOT NULL;

-- What the records of every kind have in common, to be asked over all of them or one. The
-- columns `by_...` are keys to sort by, never null, each with an index.
CREATE VIEW documents AS
SELECT 'cin'::varchar AS kind, id, organisation_id, cin AS number,
    nom_fr, nom_ar, prenom_fr, prenom_ar,
    date_naissance AS born_on, validite AS expires_on,
    status, created_by,
    coalesce(created_at, '-infinity') AS by_created,
    coalesce(nom_fr, '')::text COLLATE "C" AS by_name,
    coalesce(date_naissance, 'infinity') AS by_birth,
    coalesce(validite, 'infinity') AS by_expiry,
    coalesce(confidence, -1) AS by_confidence,
    -need AS by_need,
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), cin,
        coalesce(lieu_fr, '') || '|' || coalesce(lieu_ar, '') || '|' || coalesce(adresse_fr, '') || '|' || coalesce(adresse_ar, '')) AS search,
    wathiqa_fold(wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar)) AS alike
FROM cin_data
UNION ALL
SELECT 'permis'::varchar AS kind, id, organisation_id, numero_permis AS number,
    nom_fr, nom_ar, prenom_fr, prenom_ar,
    date_naissance AS born_on, date_expiration AS expires_on,
    status, created_by,
    coalesce(created_at, '-infinity') AS by_created,
    coalesce(nom_fr, '')::text COLLATE "C" AS by_name,
    coalesce(date_naissance, 'infinity') AS by_birth,
    coalesce(date_expiration, 'infinity') AS by_expiry,
    coalesce(confidence, -1) AS by_confidence,
    -need AS by_need,
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), numero_permis,
        coalesce(lieu_fr, '') || '|' || coalesce(lieu_ar, '')) AS search,
    wathiqa_fold(wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar)) AS alike
FROM permi_data
UNION ALL
SELECT 'gris'::varchar AS kind, id, organisation_id, numero_matricule_marocain AS number,
    nom_fr, nom_ar, prenom_fr, prenom_ar,
    NULL::date AS born_on, date_validite AS expires_on,
    status, created_by,
    coalesce(created_at, '-infinity') AS by_created,
    coalesce(nom_fr, '')::text COLLATE "C" AS by_name,
    'infinity'::date AS by_birth,
    coalesce(date_validite, 'infinity') AS by_expiry,
    coalesce(confidence, -1) AS by_confidence,
    -need AS by_need,
    wathiqa_lexemes(organisation_id, wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar), numero_matricule_marocain,
        coalesce(adresse_fr, '') || '|' || coalesce(adresse_ar, '')) AS search,
    wathiqa_fold(wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar)) AS alike
FROM gris_data;

COMMENT ON VIEW documents IS 'The records of every kind, with what they have in common.';

-- Names that are written almost so, where the server offers trigrams; none elsewhere.
-- Whoever adds the extension later takes this migration back and applies it again.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN OTHERS THEN
    RAISE NOTICE 'names are found without trigrams: %', SQLERRM;
END
$$;

DO $$
DECLARE
    tbl text;
    place text;
BEGIN
    SELECT quote_ident(nspname) INTO place FROM pg_extension
        JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm';
    -- What is written almost so; nothing where the server cannot tell. How alike is told
    -- in the call: a function cannot name a setting of an extension that is not loaded.
    EXECUTE format(
        'CREATE FUNCTION wathiqa_alike(organisation bigint, asked text, most integer)
        RETURNS TABLE (kind varchar, id integer, names text, folded text)
        LANGUAGE plpgsql SET search_path FROM CURRENT AS
        $body$
        BEGIN
            PERFORM set_config(''pg_trgm.word_similarity_threshold'', ''0.4'', true);
            RETURN QUERY SELECT documents.kind, documents.id, alike, wathiqa_fold(asked)
                FROM documents WHERE %s AND organisation_id = organisation LIMIT most;
        END
        $body$',
        CASE WHEN place IS NULL THEN 'false'
            ELSE format('wathiqa_fold(asked) OPERATOR(%s.<%%) alike', place) END
    );
    IF place IS NULL THEN
        RETURN;
    END IF;
    FOREACH tbl IN ARRAY ARRAY['cin_data', 'permi_data', 'gris_data'] LOOP
        EXECUTE format(
            'CREATE INDEX %I ON %I USING gin ((wathiqa_fold(wathiqa_names(nom_fr, prenom_fr, nom_ar, prenom_ar))) %s.gin_trgm_ops)',
            tbl || '_alike_idx', tbl, place
        );
    END LOOP;
END
$$;

