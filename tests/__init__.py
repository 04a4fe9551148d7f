"""The specification: each test states one rule."""
