"""Work in the background: one stage of one call at a time."""
