DO $$
DECLARE
    tbl text;
BEGIN
    FOREACH tbl IN ARRAY ARRAY['gris_data', 'permi_data', 'cin_data'] LOOP
        EXECUTE format('DROP TRIGGER %I ON %I', tbl || '_count_none', tbl);
        EXECUTE format('DROP TRIGGER %I ON %I', tbl || '_count_deleted', tbl);
        EXECUTE format('DROP TRIGGER %I ON %I', tbl || '_count_updated', tbl);
        EXECUTE format('DROP TRIGGER %I ON %I', tbl || '_count_inserted', tbl);
    END LOOP;
END
$$;

DROP FUNCTION wathiqa_count_none();
DROP FUNCTION wathiqa_count_records();
DROP FUNCTION wathiqa_recounted();
DROP FUNCTION wathiqa_counting(text, text[]);
DROP FUNCTION wathiqa_counted();
DROP TABLE record_counts;
DROP TABLE record_generations;
DROP TRIGGER cin_data_town ON cin_data;
DROP FUNCTION wathiqa_forget_town();
DROP INDEX gris_data_updated_at_idx;
DROP INDEX permi_data_updated_at_idx;
DROP INDEX cin_data_updated_at_idx;
DROP TRIGGER cin_data_revision ON cin_data;
DROP FUNCTION wathiqa_count_cin_revision();
CREATE TRIGGER cin_data_revision BEFORE UPDATE ON cin_data
    FOR EACH ROW EXECUTE FUNCTION wathiqa_count_revision();
ALTER TABLE cin_data DROP COLUMN town;
