"""The database as one moment of it, the list of files that it names, and the way back."""
