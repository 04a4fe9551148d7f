"""The store: the database is the truth, the vault keeps what is confidential."""
