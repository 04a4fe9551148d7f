"""Every measure of docs/measures.md, as pure functions of what was read."""
