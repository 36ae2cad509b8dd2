-- Drops only what up.sql made: an adopted table belongs to the application before.

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY '{gris_data,permi_data,cin_data,users}'::text[] LOOP
        IF obj_description(to_regclass(name), 'pg_class') LIKE '%Made by Wathiqa.' THEN
            EXECUTE format('DROP TABLE %s', to_regclass(name));
        END IF;
    END LOOP;
END
$$;
