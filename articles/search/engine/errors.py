"""What can go wrong with an index."""

import pickle
import struct
import zlib

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


class EngineError(Exception):
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


class QueryRefused(EngineError):
    """A query passes a limit of the engine; the message is a sentence that says which, and what to do."""


class TooLong(QueryRefused):
    """More words, or a longer word, than one query may have."""


class TooDeep(QueryRefused):
    """More brackets in brackets than one query may have."""


class TooBroad(QueryRefused):
    """The beginning of a word, or a word with wildcards or errors in it, that stands for too many words."""


class TooSlow(QueryRefused):
    """The time that one query may take is up."""


class Unsupported(EngineError):
    """A lookup or an order that this engine does not offer."""
