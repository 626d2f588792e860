"""Ways in and out, one folder each, all alike."""
