DROP TABLE audit_heads;
DROP TABLE audit_entries;
DROP FUNCTION wathiqa_refuse_change();
