-- Who waits keeps their place; who talks or has ended gets one.
UPDATE routing_queueentry e SET
    line_id = c.line_id, language = c.language, waiting_since = e.entered_at,
    urgency = CASE WHEN e.is_in_danger THEN 1 ELSE 3 END,
    due_at = e.entered_at + CASE WHEN e.is_in_danger THEN interval '0' ELSE interval '300 seconds' END
FROM conversations_conversation c WHERE c.id = e.conversation_id;
INSERT INTO routing_queueentry (conversation_id, line_id, state, urgency, entered_at, due_at, language, skills, gender,
    is_in_danger, needs_supervisor, is_crowding, waiting_since, left_because, seen_at)
SELECT c.id, c.line_id, CASE c.state WHEN 'open' THEN 'held' ELSE 'over' END,
    CASE WHEN c.in_danger THEN 1 ELSE 3 END, c.started_at,
    c.started_at + CASE WHEN c.in_danger THEN interval '0' ELSE interval '300 seconds' END, c.language, '{}', '',
    false, false, false, c.started_at, '', c.started_at
FROM conversations_conversation c WHERE c.state <> 'waiting'
    AND NOT EXISTS (SELECT 1 FROM routing_queueentry e WHERE e.conversation_id = c.id);
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
