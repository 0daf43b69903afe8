"""Documents in, segments out; several segments in, one out."""
