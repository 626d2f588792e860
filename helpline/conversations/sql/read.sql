-- What a stream has not seen yet, read under its permission every time: a help-seeker by capability, a member of staff
-- as the owner or as a companion whose time has not ended. Arrays are parallel: reader i asks for conversation codes[i]
-- after seq afters[i], at most `max_each` messages. No row for a place: no such conversation for that reader. Without
-- news there is one row with seq null, which still says how things stand: `standing` changes when the state or the
-- counsellor does, and ends in `:reading`, `:joined` or `:three_way` for a companion.
-- `sealed_key` comes with the message that brought it, so a stream that resumes is told no key twice; with it
-- `written_by`, the pseudonym of who of staff made it; for a service's words the name of the guest of that time.
-- An `after` beyond the end (a client from another life of the database) counts as the end.
CREATE FUNCTION conversations_read(
    codes text[], afters integer[], capability_hashes bytea[], user_ids bigint[], max_each integer
) RETURNS TABLE (
    place integer, state text, standing text, last_seq integer, help_seeker_seq integer, counsellor_seq integer,
    seq integer, author text, client_id text, key_id text, sealed_key bytea, written_by text, sealed bytea,
    at double precision
)
LANGUAGE sql STABLE AS $$
    SELECT a.place::integer, c.state, c.state || coalesce(c.counsellor_id::text, '') || coalesce(':' || p.kind, ''),
           c.last_seq, c.help_seeker_seq, c.counsellor_seq, m.seq, m.author, m.client_id, m.key_id,
           k.sealed, coalesce(nullif(u.pseudonym, ''), g.name), m.sealed, extract(epoch FROM m.at)::double precision
    FROM unnest(codes, afters, capability_hashes, user_ids)
         WITH ORDINALITY AS a (code, after, capability_hash, user_id, place)
    JOIN conversations_conversation c ON c.code = a.code
    LEFT JOIN conversations_companion p
           ON p.conversation_id = c.id AND p.user_id = a.user_id AND p.ended_at IS NULL
    LEFT JOIN LATERAL (
        SELECT * FROM conversations_message m
        WHERE m.conversation_id = c.id AND m.seq > least(a.after, c.last_seq)
        ORDER BY m.seq LIMIT max_each
    ) m ON true
    LEFT JOIN conversations_senderkey k
           ON k.conversation_id = c.id AND k.key_id = m.key_id AND k.first_seq = m.seq
    LEFT JOIN accounts_user u ON u.id = k.user_id
    LEFT JOIN LATERAL (
        SELECT name FROM conversations_guest
        WHERE k.author = 'service' AND conversation_id = c.id AND told_seq < k.first_seq
        ORDER BY told_seq DESC LIMIT 1
    ) g ON true
    WHERE CASE WHEN a.user_id IS NULL THEN c.capability_hash = a.capability_hash
               ELSE c.counsellor_id = a.user_id OR p.id IS NOT NULL END
    ORDER BY a.place, m.seq
$$;

-- The conversations that each desk follows: those it owns, then those it is a companion in.
CREATE FUNCTION conversations_desk(user_ids bigint[]) RETURNS TABLE (user_id bigint, code text)
LANGUAGE sql STABLE AS $$
    SELECT followed.user_id, followed.code FROM (
        SELECT c.counsellor_id AS user_id, c.code, c.answered_at AS since, false AS is_companion
        FROM conversations_conversation c
        WHERE c.counsellor_id = ANY (user_ids) AND c.state = 'open'
        UNION ALL
        SELECT p.user_id, c.code, p.began_at, true
        FROM conversations_companion p JOIN conversations_conversation c ON c.id = p.conversation_id
        WHERE p.user_id = ANY (user_ids) AND p.ended_at IS NULL AND c.state = 'open'
    ) followed
    ORDER BY followed.is_companion, followed.since
$$;
