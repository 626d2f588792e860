-- "Received up to here", from either side; never backwards, never beyond what was said. A companion's is taken and
-- changes nothing: the person is told what their own counsellor has received. Arrays are parallel.
-- Answers one row per receipt: whether the conversation is theirs, and whether anything changed.
CREATE FUNCTION conversations_receive(
    codes text[], seqs integer[], capability_hashes bytea[], user_ids bigint[]
) RETURNS TABLE (place integer, is_known boolean, is_news boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- Always in id order, as in conversations_add_messages.
    PERFORM 1 FROM conversations_conversation c WHERE c.code = ANY (codes) ORDER BY c.id FOR NO KEY UPDATE;

    RETURN QUERY
    WITH told AS MATERIALIZED (
        SELECT a.place::integer, c.id,
               CASE WHEN a.user_id IS NULL OR c.counsellor_id = a.user_id THEN least(a.seq, c.last_seq) END AS seq,
               a.user_id IS NULL AS is_help_seeker,
               CASE WHEN a.user_id IS NULL THEN c.help_seeker_seq ELSE c.counsellor_seq END AS known_seq
        FROM unnest(codes, seqs, capability_hashes, user_ids)
             WITH ORDINALITY AS a (code, seq, capability_hash, user_id, place)
        LEFT JOIN conversations_conversation c
               ON c.code = a.code
              AND CASE WHEN a.user_id IS NULL THEN c.capability_hash = a.capability_hash
                       ELSE c.counsellor_id = a.user_id OR EXISTS (
                           SELECT 1 FROM conversations_companion p
                           WHERE p.conversation_id = c.id AND p.user_id = a.user_id AND p.ended_at IS NULL) END
    ), news AS (
        SELECT t.id, max(t.seq) FILTER (WHERE t.is_help_seeker) AS from_help_seeker,
               max(t.seq) FILTER (WHERE NOT t.is_help_seeker) AS from_counsellor
        FROM told t WHERE t.seq > t.known_seq GROUP BY 1
    ), kept AS (
        UPDATE conversations_conversation c
        SET help_seeker_seq = greatest(c.help_seeker_seq, n.from_help_seeker),
            counsellor_seq = greatest(c.counsellor_seq, n.from_counsellor)
        FROM news n WHERE c.id = n.id
    )
    SELECT t.place, t.id IS NOT NULL, coalesce(t.seq > t.known_seq, false) FROM told t ORDER BY t.place;
END
$$;
