"""How the models that ship with Partnering were made."""
