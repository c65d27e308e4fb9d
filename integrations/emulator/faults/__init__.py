"""Fault rules: what they may say, and which one fires. How each is played stands where it is."""
