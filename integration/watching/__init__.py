"""Watching the product: what an administrator and a monitoring system may know, and nothing of what was said."""
