"""How well and how fast files are read: tables that `docs/import.md` keeps."""
