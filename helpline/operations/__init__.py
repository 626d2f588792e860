"""Demonstration data, retention runs, checks, commands."""
