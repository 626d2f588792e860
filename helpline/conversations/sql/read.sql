-- What a stream has not seen yet, read under its permission every time: a help-seeker by capability, a counsellor
-- as the owner. Arrays are parallel: reader i asks for conversation codes[i] after seq afters[i].
-- Rows without a message (seq null) still say how far the other side has received.
CREATE FUNCTION conversations_read(
    codes text[], afters integer[], capability_hashes bytea[], user_ids bigint[]
) RETURNS TABLE (
    place integer, help_seeker_seq integer, counsellor_seq integer, state text,
    seq integer, author text, client_id text, key_id text, sealed_key bytea, sealed bytea, at double precision
)
LANGUAGE sql STABLE AS $$
    SELECT a.place::integer, c.help_seeker_seq, c.counsellor_seq, c.state,
           m.seq, m.author, m.client_id, m.key_id, k.sealed, m.sealed, extract(epoch FROM m.at)::double precision
    FROM unnest(codes, afters, capability_hashes, user_ids)
         WITH ORDINALITY AS a (code, after, capability_hash, user_id, place)
    JOIN conversations_conversation c
      ON c.code = a.code
     AND CASE WHEN a.user_id IS NULL THEN c.capability_hash = a.capability_hash ELSE c.counsellor_id = a.user_id END
    LEFT JOIN conversations_message m ON m.conversation_id = c.id AND m.seq > a.after
    LEFT JOIN conversations_senderkey k ON k.conversation_id = c.id AND k.key_id = m.key_id
    ORDER BY a.place, m.seq
$$;

-- "Received up to here", from either side; never backwards, never beyond what was said.
CREATE FUNCTION conversations_receive(
    codes text[], seqs integer[], capability_hashes bytea[], user_ids bigint[]
) RETURNS TABLE (code text)
LANGUAGE sql AS $$
    WITH told AS (
        SELECT c.id, a.user_id IS NULL AS is_help_seeker, max(least(a.seq, c.last_seq)) AS seq
        FROM unnest(codes, seqs, capability_hashes, user_ids) AS a (code, seq, capability_hash, user_id)
        JOIN conversations_conversation c
          ON c.code = a.code
         AND CASE WHEN a.user_id IS NULL THEN c.capability_hash = a.capability_hash
                  ELSE c.counsellor_id = a.user_id END
        GROUP BY 1, 2
    ), per_conversation AS (
        SELECT t.id, max(t.seq) FILTER (WHERE t.is_help_seeker) AS from_help_seeker,
               max(t.seq) FILTER (WHERE NOT t.is_help_seeker) AS from_counsellor
        FROM told t GROUP BY 1
    ), locked AS (
        SELECT c.id FROM conversations_conversation c JOIN per_conversation p USING (id) ORDER BY c.id FOR NO KEY UPDATE OF c
    )
    UPDATE conversations_conversation c
    SET help_seeker_seq = greatest(c.help_seeker_seq, p.from_help_seeker),
        counsellor_seq = greatest(c.counsellor_seq, p.from_counsellor)
    FROM per_conversation p JOIN locked l USING (id)
    WHERE c.id = p.id
      AND (c.help_seeker_seq < coalesce(p.from_help_seeker, 0) OR c.counsellor_seq < coalesce(p.from_counsellor, 0))
    RETURNING c.code
$$;
