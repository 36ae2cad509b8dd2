-- How long an organisation keeps its records.

ALTER TABLE organisations
    ADD COLUMN retention_days integer
        CONSTRAINT organisations_retention_days_check CHECK (retention_days > 0),
    ADD COLUMN retention_set_at timestamptz;

COMMENT ON COLUMN organisations.retention_days IS 'Days after which a record that was not recorded again is erased; null keeps them.';
COMMENT ON COLUMN organisations.retention_set_at IS 'When that was set: records without a date count from it.';
