"""Files that nobody sends by mistake, and some that people do."""
