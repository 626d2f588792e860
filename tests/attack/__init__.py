"""The running system under attack: what tools try, and what must be left of it: nothing."""
