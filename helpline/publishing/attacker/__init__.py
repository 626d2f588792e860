"""Tries to break what is about to be published, knowing everything but the true counts: the programme, the method, all
that was published before. What it proves of a small count must not leave the house."""
