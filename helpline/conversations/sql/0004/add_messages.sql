-- The one rule for adding a message, for the live process (in batches) and for everybody else (one at a time).
-- Arrays are parallel: element i describes message i. `capability_hashes[i]` proves a help-seeker, `user_ids[i]`
-- the owning counsellor or a companion who may write; both null is the system itself, which only our own Python may say (the live process
-- never passes such a row). `sealed_keys[i]` may be null once the sender key is known.
-- Answers one row per message: outcome 'added' | 'repeated' | 'closed' | 'unknown' | 'key', and its seq.
-- 'unknown' is also the answer to a wrong capability, another's conversation or another's client_id: nobody learns
-- which codes exist. 'key' asks for the sender key: it is not known, or it is somebody else's. A sender key remembers
-- who of staff made it, so that each message shows its own author's name.
CREATE FUNCTION conversations_add_messages(
    codes text[], authors text[], capability_hashes bytea[], user_ids bigint[],
    client_ids text[], key_ids text[], sealed_keys bytea[], sealed_texts bytea[]
) RETURNS TABLE (place integer, outcome text, seq integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- Always in id order, so that two batches cannot wait for each other in a circle.
    PERFORM 1 FROM conversations_conversation c WHERE c.code = ANY (codes) ORDER BY c.id FOR NO KEY UPDATE;

    RETURN QUERY
    WITH asked AS MATERIALIZED (
        SELECT a.place::integer, a.author, a.user_id, a.client_id, a.key_id, a.sealed_key, a.sealed,
               c.id AS conversation_id, c.state, c.last_seq
        FROM unnest(codes, authors, capability_hashes, user_ids, client_ids, key_ids, sealed_keys, sealed_texts)
             WITH ORDINALITY AS a (code, author, capability_hash, user_id, client_id, key_id, sealed_key, sealed, place)
        LEFT JOIN conversations_conversation c
               ON c.code = a.code
              AND CASE a.author
                    WHEN 'help_seeker' THEN c.capability_hash = a.capability_hash
                    WHEN 'counsellor' THEN c.counsellor_id = a.user_id OR EXISTS (
                        SELECT 1 FROM conversations_companion p
                        WHERE p.conversation_id = c.id AND p.user_id = a.user_id AND p.ended_at IS NULL
                          AND p.kind <> 'reading')
                    ELSE a.author = 'system' AND a.capability_hash IS NULL AND a.user_id IS NULL
                  END
    ), found AS MATERIALIZED (
        SELECT a.*, CASE WHEN m.author = a.author THEN m.seq END AS old_seq, k.key_id IS NOT NULL AS is_key_known,
               CASE
                 WHEN a.conversation_id IS NULL OR m.author <> a.author THEN 'unknown'
                 WHEN m.seq IS NOT NULL THEN 'repeated'
                 WHEN a.state = 'closed' THEN 'closed'
                 WHEN k.author <> a.author OR k.user_id <> a.user_id THEN 'key'
                 ELSE 'added'
               END AS verdict
        FROM asked a
        LEFT JOIN conversations_message m ON m.conversation_id = a.conversation_id AND m.client_id = a.client_id
        LEFT JOIN conversations_senderkey k ON k.conversation_id = a.conversation_id AND k.key_id = a.key_id
    ), judged AS (
        SELECT f.*,
               -- The key may come with an earlier message of this very batch.
               CASE WHEN f.verdict = 'added' AND NOT f.is_key_known
                     AND NOT bool_or(f.verdict = 'added' AND f.sealed_key IS NOT NULL)
                             OVER (PARTITION BY f.conversation_id, f.key_id, f.author, f.user_id ORDER BY f.place)
                    THEN 'key' ELSE f.verdict END AS outcome
        FROM found f
    ), compared AS (
        -- Of the same message twice in this batch, the first that can be added counts.
        SELECT j.*, j.place = min(j.place) FILTER (WHERE j.outcome = 'added')
                              OVER (PARTITION BY j.conversation_id, j.client_id) AS is_new
        FROM judged j
    ), numbered AS MATERIALIZED (
        SELECT c.*, (c.last_seq + count(*) FILTER (WHERE c.is_new)
                                  OVER (PARTITION BY c.conversation_id ORDER BY c.place))::integer AS new_seq
        FROM compared c
    ), new_keys AS (
        INSERT INTO conversations_senderkey (conversation_id, key_id, author, user_id, sealed, first_seq)
        SELECT DISTINCT ON (n.conversation_id, n.key_id)
               n.conversation_id, n.key_id, n.author, n.user_id, b.sealed_key, n.new_seq
        FROM numbered n
        JOIN numbered b ON b.conversation_id = n.conversation_id AND b.key_id = n.key_id AND b.author = n.author
                       AND b.user_id IS NOT DISTINCT FROM n.user_id
        WHERE n.is_new AND NOT n.is_key_known AND b.verdict = 'added' AND b.sealed_key IS NOT NULL
        ORDER BY n.conversation_id, n.key_id, n.place, b.place
        ON CONFLICT DO NOTHING
    ), new_messages AS (
        INSERT INTO conversations_message (conversation_id, seq, client_id, author, key_id, sealed, at)
        SELECT n.conversation_id, n.new_seq, n.client_id, n.author, n.key_id, n.sealed, now()
        FROM numbered n WHERE n.is_new
    ), counted AS (
        UPDATE conversations_conversation c SET last_seq = top.new_seq
        FROM (SELECT n.conversation_id, max(n.new_seq) AS new_seq FROM numbered n WHERE n.is_new GROUP BY 1) top
        WHERE c.id = top.conversation_id
    ), answered AS (
        SELECT n.*,
               first_value(n.place) OVER message AS first_place,
               first_value(n.author) OVER message AS first_author,
               first_value(n.new_seq) OVER message AS first_seq
        FROM numbered n
        WINDOW message AS (PARTITION BY n.conversation_id, n.client_id ORDER BY n.is_new DESC NULLS LAST)
    )
    SELECT a.place,
           CASE WHEN a.verdict <> 'added' OR a.place <= a.first_place OR a.is_new IS NULL THEN a.outcome
                WHEN a.author = a.first_author THEN 'repeated' ELSE 'unknown' END,
           CASE WHEN a.verdict <> 'added' THEN a.old_seq
                WHEN a.place >= a.first_place AND a.author = a.first_author AND a.is_new IS NOT NULL THEN a.first_seq END
    FROM answered a
    ORDER BY a.place;
END
$$;
