"""Sending a message, once."""
