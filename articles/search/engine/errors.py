"""What can go wrong with an index."""

import pickle
import struct
import zlib

from haystack.exceptions import SearchBackendError

# What Whoosh raises when it reads a file that is not as it was written.
CORRUPTION = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    pickle.PickleError,
    struct.error,
    zlib.error,
)


class EngineError(SearchBackendError):
    """The engine could not do what was asked; the message says why."""


class IndexMissing(EngineError):
    """There is no index yet, or no longer."""


class IndexBroken(EngineError):
    """The files of the index are not as they were written."""


class IndexOutdated(EngineError):
    """The index was written with another schema or another way to read text."""


class IndexBusy(EngineError):
    """Another process or thread is writing, and did not end in time."""


class NoRoom(EngineError):
    """There is not enough free space to write an index beside the one in use."""


class TooSlow(EngineError):
    """A search passed its limit of time or of terms."""


class Unsupported(EngineError):
    """A lookup or an order that this engine does not offer."""
