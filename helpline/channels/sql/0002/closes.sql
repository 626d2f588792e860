-- Nothing goes to anybody after the end, whoever makes it, and the way back to them is forgotten: no action, and no
-- update by hand, can forget to.
CREATE FUNCTION channels_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM channels_address WHERE conversation_id = NEW.id;
    UPDATE channels_delivery
    SET sealed = NULL, provider_ids = '{}', claimed_at = NULL,
        reason = CASE WHEN state IN ('pending', 'sending') THEN 'closed' ELSE reason END,
        state = CASE WHEN state IN ('pending', 'sending') THEN 'failed' ELSE state END
    WHERE conversation_id = NEW.id AND (sealed IS NOT NULL OR provider_ids <> '{}');
    RETURN NULL;
END $$;

CREATE TRIGGER channels_conversation_closes AFTER UPDATE OF state ON conversations_conversation
FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed' AND NEW.channel <> 'webchat')
EXECUTE FUNCTION channels_close();
