"""The quote sheet: a PDF of one picture for the agency's client.

`content` says what stands on it and `document` how; `paper` is the page that the others draw on.
"""
