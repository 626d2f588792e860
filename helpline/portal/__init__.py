"""The front door of the services in the directory: they keep their own entries, and answer what they are asked."""
