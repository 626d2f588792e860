"""Statistics that leave the house: what is counted, protected, tried by an attacker, and published by two people."""
