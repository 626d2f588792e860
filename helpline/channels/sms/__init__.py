"""Text messages, by SMPP or a provider’s webhooks."""
