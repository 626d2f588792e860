"""The whole chat for a browser without JavaScript, as one streamed page (`helpline/live/plain.py` streams it)."""
