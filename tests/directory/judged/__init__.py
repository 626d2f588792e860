"""What finding services is judged by: services, questions in plain words, three gradings (docs/directory.md)."""
