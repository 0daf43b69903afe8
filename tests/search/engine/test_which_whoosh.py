"""The run on whoosh3 runs on whoosh3, and every other one on the Whoosh that the archive is made for."""

from __future__ import annotations

import os
from pathlib import Path

import whoosh
from whoosh import query


def test_the_whoosh_in_use_is_the_one_that_is_meant():
    folder = os.environ.get("WHOOSH_IN_USE")
    assert Path(query.__file__).parent.parent == Path(whoosh.__file__).parent
    if folder is None:
        assert whoosh.__version__ == (2, 7, 4)
    else:
        assert Path(whoosh.__file__).is_relative_to(folder)
        assert whoosh.__version__ >= (3,)
