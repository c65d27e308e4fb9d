"""Several hosts for real, each in a network namespace of its own: cut off, frozen, switched off."""
