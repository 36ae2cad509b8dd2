ALTER TABLE organisations
    DROP COLUMN retention_set_at,
    DROP COLUMN retention_days;
