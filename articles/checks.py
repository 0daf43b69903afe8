"""What must hold of the installation before the archive runs."""

from __future__ import annotations

from importlib.metadata import packages_distributions
from typing import Any

from django.core.checks import CheckMessage, Error


def one_whoosh(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Several distributions install a package of this name; the later overwrites files of the earlier."""
    owners = sorted(set(packages_distributions().get("whoosh", [])))
    if len(owners) < 2:
        return []
    return [
        Error(
            f"The package whoosh is installed by {' and '.join(owners)} at once, so that neither is whole.",
            hint=f"Uninstall {', '.join(owners)}, then install requirements.txt again.",
            id="articles.E001",
        )
    ]
