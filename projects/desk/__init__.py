"""The support desk: what staff find and see in the admin, across all agencies."""
