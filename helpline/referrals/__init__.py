"""Telling somebody of a service, handing over to one with their consent, and asking services who has room."""
