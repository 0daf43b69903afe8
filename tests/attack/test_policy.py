"""What every answer tells a browser: none but the archive's own scripts and styles, no frames, no guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..search.indexes import bring_up_to_date, use_index_in
from .site import Rows, as_person, asked, routes

pytestmark = pytest.mark.django_db

DIRECTIVES = (
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "object-src 'none'",
    "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
)  # fmt: skip
# A file that was brought in has a stricter one.
STRICTER = "/download/"


def test_every_answer_has_the_policy_whole_and_lets_nobody_guess_or_frame(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    use_index_in(monkeypatch, tmp_path)
    client, rows = as_person("superuser"), Rows()
    rows.give_draft_to("superuser")
    bring_up_to_date()
    lacking = []
    for address in (rows.address(route) for route in routes()):
        answer = asked(client, "get", address)
        policy = {part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";")}
        whole = policy == ({"sandbox", "default-src 'none'"} if STRICTER in address else {*DIRECTIVES})
        others = answer.headers.get("X-Content-Type-Options"), answer.headers.get("X-Frame-Options")
        if not whole or others != ("nosniff", "DENY"):
            lacking.append((address, policy, others))
    assert lacking == []
