"""How things end: erasure with a receipt, retention, what the law makes us keep, what a restored backup brings back."""
