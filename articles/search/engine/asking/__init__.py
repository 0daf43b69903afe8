"""Queries answered on whole arrays."""
