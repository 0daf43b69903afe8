"""How articles, dates, counts and charts are put into words on the pages."""
