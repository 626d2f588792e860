"""The ways in and out. Here is the ground that text messages and e-mail share; each channel is a folder beside it."""
