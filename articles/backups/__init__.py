"""A whole archive as a BagIt folder (RFC 8493), and back: rows as lines of JSON, originals as they came."""

from .bag import Refusal, size_of
from .noted import Noted, last, note_checked
from .restoring import Restored, check, restore
from .writing import Backup, write

__all__ = ["Backup", "Noted", "Refusal", "Restored", "check", "last", "note_checked", "restore", "size_of", "write"]
