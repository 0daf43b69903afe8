"""How Django writes days and moments: as articles/wording/archive.py does."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i e"
