"""The compiled SQLite index of all packs, and everything that reads it."""
