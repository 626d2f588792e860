-- Parts that were shown in a conversation without the rest end with it. Those that were not yet are somebody's next text.
CREATE FUNCTION sms_forget_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sms_arrivedpart WHERE pseudonym = OLD.pseudonym AND is_shown;
    RETURN NULL;
END $$;

CREATE TRIGGER sms_address_ends AFTER DELETE ON channels_address
FOR EACH ROW WHEN (OLD.channel = 'sms') EXECUTE FUNCTION sms_forget_shown();
