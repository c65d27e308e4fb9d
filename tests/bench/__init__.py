"""What the product can do, measured beside a rival or a floor in the same run: `make bench`.

Nothing here is asserted by the clock: docs/performance.md has the figures and what they teach.
"""
