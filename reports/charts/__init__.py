"""Pictures of a session: one Altair description each, with a text that says the same.

Each module has `describe(picture, width)`, which gives the description, and `in_words(picture)`, which
gives its text equivalent. `drawing` turns a description into SVG or PNG.
"""
