"""One line for each thing that happened to a generation, from all tables that know of it."""
