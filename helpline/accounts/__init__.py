"""Staff: who they are, how they sign in, which keys are theirs."""
