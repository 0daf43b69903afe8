from haystack.backends.simple_backend import SimpleEngine as WhooshEngine  # noqa
