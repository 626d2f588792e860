-- Nothing goes to anybody after the end, whoever makes it, and the way back to them is forgotten: no action, and no
-- update by hand, can forget to. Its rows are locked in the order of all who lock several (outbox.py): answers and
-- receipts of many are written down together, and neither must wait for the other in a circle.
CREATE OR REPLACE FUNCTION channels_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM channels_address WHERE conversation_id = NEW.id;
    PERFORM 1 FROM channels_delivery
    WHERE conversation_id = NEW.id AND (sealed IS NOT NULL OR provider_ids <> '{}') ORDER BY id FOR UPDATE;
    UPDATE channels_delivery
    SET sealed = NULL, provider_ids = '{}', claimed_at = NULL,
        reason = CASE WHEN state IN ('pending', 'sending') THEN 'closed' ELSE reason END,
        state = CASE WHEN state IN ('pending', 'sending') THEN 'failed' ELSE state END
    WHERE conversation_id = NEW.id AND (sealed IS NOT NULL OR provider_ids <> '{}');
    RETURN NULL;
END $$;
