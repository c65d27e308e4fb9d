"""Dates as the pages write them in French; what is not named here is Django's."""

DATETIME_FORMAT = "j F Y, H:i"
