"""What is in the index: commits, generations, the lock, merging and rebuilding."""
