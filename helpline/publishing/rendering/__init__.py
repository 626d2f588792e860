"""Pages and documents, made from published figures alone: no module here can see what was counted."""
