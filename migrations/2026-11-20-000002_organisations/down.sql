ALTER TABLE gris_data DROP COLUMN organisation_id;
ALTER TABLE permi_data DROP COLUMN organisation_id;
ALTER TABLE cin_data DROP COLUMN organisation_id;
ALTER TABLE users DROP COLUMN organisation_id;
DROP TABLE organisations;
