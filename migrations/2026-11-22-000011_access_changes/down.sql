DROP TRIGGER api_keys_access_changed ON api_keys;
DROP TRIGGER users_access_changed ON users;
DROP FUNCTION wathiqa_note_key_change();
DROP FUNCTION wathiqa_note_user_change();
DROP TABLE access_changes;
