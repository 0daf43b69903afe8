"""One segment: a file of arrays, written once and read in place."""
