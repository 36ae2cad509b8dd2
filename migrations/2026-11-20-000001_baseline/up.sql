-- The four tables of the application before this one. Where they exist they are
-- adopted as they are; a table of that name with other columns stops the migration.
-- The table's comment remembers which it was, for down.sql.

CREATE FUNCTION pg_temp.is_missing(name text, numbers text[], dates text[], texts text[]) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE
    lacking text;
    others text;
BEGIN
    IF to_regclass(name) IS NULL THEN
        RETURN true;
    END IF;
    IF (SELECT relkind FROM pg_class WHERE oid = to_regclass(name)) NOT IN ('r', 'p') THEN
        RAISE EXCEPTION 'an object named % exists that is no table; move it or use another database', name;
    END IF;
    WITH wanted AS (
        SELECT unnest(numbers) AS col, '{int4}'::text[] AS types
        UNION ALL SELECT unnest(dates), '{date}'
        UNION ALL SELECT unnest(texts), '{varchar,text}'
    ), found AS (
        SELECT attname::text AS col, typname::text AS type
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = to_regclass(name) AND attnum > 0 AND NOT attisdropped
    )
    SELECT string_agg(col, ', ') FILTER (WHERE type IS NULL),
        string_agg(col || ' (' || type || ', not ' || types[1] || ')', ', ') FILTER (WHERE type <> ALL (types))
    INTO lacking, others
    FROM wanted LEFT JOIN found USING (col);
    IF lacking IS NOT NULL THEN
        RAISE EXCEPTION 'a table named % exists that lacks the columns %; it is not ours to adopt', name, lacking;
    END IF;
    IF others IS NOT NULL THEN
        RAISE EXCEPTION 'a table named % exists whose columns are of other types: %; it is not ours to adopt', name, others;
    END IF;
    EXECUTE format('COMMENT ON TABLE %s IS %L', to_regclass(name), 'Adopted from the application before.');
    RETURN false;
END
$$;

DO $$
BEGIN
    IF pg_temp.is_missing(
        'users',
        '{id}',
        '{}',
        '{email,hashed_password,full_name}') THEN
        CREATE TABLE users (
            id serial CONSTRAINT users_pkey PRIMARY KEY,
            email varchar CONSTRAINT users_email_key UNIQUE,
            hashed_password varchar,
            full_name varchar
        );
        COMMENT ON TABLE users IS 'Accounts. Made by Wathiqa.';
    END IF;

    IF pg_temp.is_missing(
        'cin_data',
        '{id}',
        '{date_naissance,validite}',
        '{cin,nom_fr,nom_ar,prenom_fr,prenom_ar,lieu_fr,lieu_ar,adresse_fr,adresse_ar,sexe,pere_fr,pere_ar,mere_fr,mere_ar,numero_etat_civil}'
    ) THEN
        CREATE TABLE cin_data (
            id serial CONSTRAINT cin_data_pkey PRIMARY KEY,
            cin varchar CONSTRAINT cin_data_cin_key UNIQUE,
            nom_fr varchar,
            nom_ar varchar,
            prenom_fr varchar,
            prenom_ar varchar,
            date_naissance date,
            lieu_fr varchar,
            lieu_ar varchar,
            adresse_fr varchar,
            adresse_ar varchar,
            sexe varchar,
            validite date,
            pere_fr varchar,
            pere_ar varchar,
            mere_fr varchar,
            mere_ar varchar,
            numero_etat_civil varchar
        );
        COMMENT ON TABLE cin_data IS 'Identity cards. Made by Wathiqa.';
    END IF;

    IF pg_temp.is_missing(
        'permi_data',
        '{id}',
        '{date_naissance,date_delivrance,date_expiration}',
        '{numero_permis,nom_fr,nom_ar,prenom_fr,prenom_ar,lieu_fr,lieu_ar,categorie}'
    ) THEN
        CREATE TABLE permi_data (
            id serial CONSTRAINT permi_data_pkey PRIMARY KEY,
            numero_permis varchar CONSTRAINT permi_data_numero_permis_key UNIQUE,
            nom_fr varchar,
            nom_ar varchar,
            prenom_fr varchar,
            prenom_ar varchar,
            date_naissance date,
            lieu_fr varchar,
            lieu_ar varchar,
            date_delivrance date,
            date_expiration date,
            categorie varchar
        );
        COMMENT ON TABLE permi_data IS 'Driving licences. Made by Wathiqa.';
    END IF;

    IF pg_temp.is_missing(
        'gris_data',
        '{id,nombre_cylindres,puissance_fiscale}',
        '{date_premiere_immatriculation,date_derniere_immatriculation,date_mutation,date_validite}',
        '{numero_matricule_marocain,immatriculation_anterieure,marque,type,genre,type_carburant,numero_chassis,restriction,usage_type,usage_description,nom_fr,nom_ar,prenom_fr,prenom_ar,adresse_fr,adresse_ar}'
    ) THEN
        CREATE TABLE gris_data (
            id serial CONSTRAINT gris_data_pkey PRIMARY KEY,
            numero_matricule_marocain varchar CONSTRAINT gris_data_numero_matricule_marocain_key UNIQUE,
            immatriculation_anterieure varchar,
            date_premiere_immatriculation date,
            date_derniere_immatriculation date,
            date_mutation date,
            marque varchar,
            type varchar,
            genre varchar,
            type_carburant varchar,
            numero_chassis varchar,
            nombre_cylindres integer,
            puissance_fiscale integer,
            restriction varchar,
            usage_type varchar,
            usage_description varchar,
            nom_fr varchar,
            nom_ar varchar,
            prenom_fr varchar,
            prenom_ar varchar,
            adresse_fr varchar,
            adresse_ar varchar,
            date_validite date
        );
        COMMENT ON TABLE gris_data IS 'Vehicle registrations. Made by Wathiqa.';
    END IF;
END
$$;

DROP FUNCTION pg_temp.is_missing(text, text[], text[], text[]);

COMMENT ON COLUMN users.id IS 'The key; the sub of a token.';
COMMENT ON COLUMN users.email IS 'The address as its owner writes it.';
COMMENT ON COLUMN users.hashed_password IS 'A PHC string: argon2id, or bcrypt until the next log-in.';
COMMENT ON COLUMN users.full_name IS 'The name to show.';

COMMENT ON COLUMN cin_data.id IS 'The key.';
COMMENT ON COLUMN cin_data.cin IS 'The national number.';
COMMENT ON COLUMN cin_data.nom_fr IS 'The family name in Latin letters.';
COMMENT ON COLUMN cin_data.nom_ar IS 'The family name in Arabic.';
COMMENT ON COLUMN cin_data.prenom_fr IS 'The given names in Latin letters.';
COMMENT ON COLUMN cin_data.prenom_ar IS 'The given names in Arabic.';
COMMENT ON COLUMN cin_data.date_naissance IS 'The date of birth; null when the card prints only a part of it.';
COMMENT ON COLUMN cin_data.lieu_fr IS 'The birthplace in Latin letters.';
COMMENT ON COLUMN cin_data.lieu_ar IS 'The birthplace in Arabic.';
COMMENT ON COLUMN cin_data.adresse_fr IS 'The address in Latin letters, on one line.';
COMMENT ON COLUMN cin_data.adresse_ar IS 'The address in Arabic, on one line.';
COMMENT ON COLUMN cin_data.sexe IS 'M or F.';
COMMENT ON COLUMN cin_data.validite IS 'The last day of validity.';
COMMENT ON COLUMN cin_data.pere_fr IS 'The father in Latin letters.';
COMMENT ON COLUMN cin_data.pere_ar IS 'The father in Arabic.';
COMMENT ON COLUMN cin_data.mere_fr IS 'The mother in Latin letters.';
COMMENT ON COLUMN cin_data.mere_ar IS 'The mother in Arabic.';
COMMENT ON COLUMN cin_data.numero_etat_civil IS 'The number in the civil register.';

COMMENT ON COLUMN permi_data.id IS 'The key.';
COMMENT ON COLUMN permi_data.numero_permis IS 'The number of the licence.';
COMMENT ON COLUMN permi_data.nom_fr IS 'The family name in Latin letters.';
COMMENT ON COLUMN permi_data.nom_ar IS 'The family name in Arabic.';
COMMENT ON COLUMN permi_data.prenom_fr IS 'The given names in Latin letters.';
COMMENT ON COLUMN permi_data.prenom_ar IS 'The given names in Arabic.';
COMMENT ON COLUMN permi_data.date_naissance IS 'The date of birth; null when the card prints only a part of it.';
COMMENT ON COLUMN permi_data.lieu_fr IS 'The birthplace in Latin letters.';
COMMENT ON COLUMN permi_data.lieu_ar IS 'The birthplace in Arabic.';
COMMENT ON COLUMN permi_data.date_delivrance IS 'The date of issue on the recto.';
COMMENT ON COLUMN permi_data.date_expiration IS 'The last day of validity.';
COMMENT ON COLUMN permi_data.categorie IS 'The main category.';

COMMENT ON COLUMN gris_data.id IS 'The key.';
COMMENT ON COLUMN gris_data.numero_matricule_marocain IS 'The plate.';
COMMENT ON COLUMN gris_data.immatriculation_anterieure IS 'The plate before.';
COMMENT ON COLUMN gris_data.date_premiere_immatriculation IS 'The first circulation anywhere.';
COMMENT ON COLUMN gris_data.date_derniere_immatriculation IS 'The first circulation in Morocco.';
COMMENT ON COLUMN gris_data.date_mutation IS 'The transfer to the present owner.';
COMMENT ON COLUMN gris_data.marque IS 'The make.';
COMMENT ON COLUMN gris_data.type IS 'The code of the model.';
COMMENT ON COLUMN gris_data.genre IS 'The body.';
COMMENT ON COLUMN gris_data.type_carburant IS 'The fuel.';
COMMENT ON COLUMN gris_data.numero_chassis IS 'The vehicle identification number.';
COMMENT ON COLUMN gris_data.nombre_cylindres IS 'The number of cylinders.';
COMMENT ON COLUMN gris_data.puissance_fiscale IS 'The fiscal power in CV.';
COMMENT ON COLUMN gris_data.restriction IS 'The restrictions as printed.';
COMMENT ON COLUMN gris_data.usage_type IS 'The usage, one of five.';
COMMENT ON COLUMN gris_data.usage_description IS 'The usage as printed.';
COMMENT ON COLUMN gris_data.nom_fr IS 'The family name of the owner, or a company, in Latin letters.';
COMMENT ON COLUMN gris_data.nom_ar IS 'The family name of the owner, or a company, in Arabic.';
COMMENT ON COLUMN gris_data.prenom_fr IS 'The given names of the owner in Latin letters.';
COMMENT ON COLUMN gris_data.prenom_ar IS 'The given names of the owner in Arabic.';
COMMENT ON COLUMN gris_data.adresse_fr IS 'The address of the owner in Latin letters, on one line.';
COMMENT ON COLUMN gris_data.adresse_ar IS 'The address of the owner in Arabic, on one line.';
COMMENT ON COLUMN gris_data.date_validite IS 'The last day of validity.';
