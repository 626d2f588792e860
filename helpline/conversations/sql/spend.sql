-- What ends is told of its day key, whichever way it ends: no action, and no cascade, can forget to. The row is only
-- added: two erasures at once must not wait for each other, as they would at one row of the key.
CREATE FUNCTION conversations_spend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vault_spentdaykey (name)
    SELECT DISTINCT ended.day_key_id FROM ended
    WHERE NOT EXISTS (SELECT FROM vault_spentdaykey WHERE vault_spentdaykey.name = ended.day_key_id);
    RETURN NULL;
END $$;

CREATE TRIGGER conversations_grant_ends AFTER DELETE ON conversations_grant
REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION conversations_spend();
CREATE TRIGGER conversations_grant_changes AFTER UPDATE ON conversations_grant
REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION conversations_spend();
CREATE TRIGGER conversations_whisper_ends AFTER DELETE ON conversations_whisper
REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION conversations_spend();
CREATE TRIGGER conversations_disclosure_ends AFTER DELETE ON conversations_disclosure
REFERENCING OLD TABLE AS ended FOR EACH STATEMENT EXECUTE FUNCTION conversations_spend();
