-- The live process says every 20 seconds whose desks are open, and whose chat pages. Of these only who is in the queue
-- matters: the page of somebody with a counsellor may come and go.
CREATE FUNCTION routing_seen(user_ids bigint[], codes text[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE routing_presence SET seen_at = now()
    WHERE user_id IN (SELECT user_id FROM routing_presence WHERE user_id = ANY (user_ids) ORDER BY user_id FOR NO KEY UPDATE);
    UPDATE routing_queueentry SET seen_at = now()
    WHERE id IN (
        SELECT e.id FROM routing_queueentry e JOIN conversations_conversation c ON c.id = e.conversation_id
        WHERE c.code = ANY (codes) AND e.state NOT IN ('held', 'over') ORDER BY e.id FOR NO KEY UPDATE OF e SKIP LOCKED
    );
$$;
