"""E-mail, by LMTP from a mail server or IMAP, and out by SMTP."""
