"""Helpline: the complete, self-hosted system behind a national helpline."""
