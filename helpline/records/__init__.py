"""The wordless account of a conversation, and the survey."""
