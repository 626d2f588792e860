"""A helpline: its name, languages, channels, and the keys its staff share."""
