"""Exchange files as values and back. Text in, text out; nothing here opens a file."""
