"""A stateful stand-in for iacrea, in a process of its own: see docs/emulator.md.

It plays a foreign machine, so it knows the engine and nothing else of this project.
"""
