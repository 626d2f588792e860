-- The live process says every 20 seconds whose desks are open.
CREATE FUNCTION routing_seen(user_ids bigint[]) RETURNS void
LANGUAGE sql AS $$
    UPDATE routing_presence SET seen_at = now()
    WHERE user_id IN (SELECT user_id FROM routing_presence WHERE user_id = ANY (user_ids) ORDER BY user_id FOR NO KEY UPDATE)
$$;
