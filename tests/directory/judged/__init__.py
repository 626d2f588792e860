"""What finding services is judged by: services, questions in plain words, two gradings (docs/directory.md)."""
