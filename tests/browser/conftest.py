"""What many browser tests start from."""

from __future__ import annotations

import pytest

from articles.models import Article

from .pages import fill


@pytest.fixture
def archive() -> Article:
    """An archive with everything in it that a page can show; the article that has most."""
    return fill()
