"""Zoom: its webhooks, its API, its files."""
