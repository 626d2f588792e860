"""The screens of staff."""
