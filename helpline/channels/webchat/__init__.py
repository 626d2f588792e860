"""The help-seeker's chat in a browser, with and without JavaScript."""
