"""The authorisation matrix: who may ask what, for every address of both doors and of the live process."""
