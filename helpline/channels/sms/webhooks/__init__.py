"""Carriers of texts that are spoken to over HTTP: what they tell us (hooks), and what we ask of them."""
