-- Fails, changing nothing, when a number is held by more than one organisation:
-- the old keys could not return without losing a row.

ALTER TABLE gris_data
    DROP CONSTRAINT gris_data_organisation_id_number_key,
    ADD CONSTRAINT gris_data_numero_matricule_marocain_key UNIQUE (numero_matricule_marocain),
    DROP COLUMN reading,
    DROP COLUMN confidence,
    DROP COLUMN status,
    DROP COLUMN created_by,
    DROP COLUMN updated_at,
    DROP COLUMN created_at;
ALTER TABLE permi_data
    DROP CONSTRAINT permi_data_organisation_id_number_key,
    ADD CONSTRAINT permi_data_numero_permis_key UNIQUE (numero_permis),
    DROP COLUMN reading,
    DROP COLUMN confidence,
    DROP COLUMN status,
    DROP COLUMN created_by,
    DROP COLUMN updated_at,
    DROP COLUMN created_at;
ALTER TABLE cin_data
    DROP CONSTRAINT cin_data_organisation_id_number_key,
    ADD CONSTRAINT cin_data_cin_key UNIQUE (cin),
    DROP COLUMN reading,
    DROP COLUMN confidence,
    DROP COLUMN status,
    DROP COLUMN created_by,
    DROP COLUMN updated_at,
    DROP COLUMN created_at;
