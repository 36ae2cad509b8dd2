-- What finds the records that somebody means, or null for a text without a letter or digit.
-- `how` is words (each word begins a word of a name, or all together the number), sounds,
-- places or number. The last word may be unfinished.
CREATE OR REPLACE FUNCTION wathiqa_query(organisation bigint, how text, asked text) RETURNS tsquery
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
