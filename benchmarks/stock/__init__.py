"""The search page that Haystack's documentation leads to: its own engine for Whoosh, its views, Django's templates."""
