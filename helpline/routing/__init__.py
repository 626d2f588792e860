"""Who waits, who is present, who takes whom."""
