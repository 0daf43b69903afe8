"""What a run leaves: a file of figures, with the machine, the versions and the command they are of."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"
COMMAND = "python -m benchmarks"


def machine() -> dict[str, Any]:
    processors = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    models = [line.split(":")[1].strip() for line in processors if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
    }


def head(arguments: list[str]) -> dict[str, Any]:
    return {
        "command": " ".join([COMMAND, *map(without_folders, arguments)]),
        "day": datetime.now(UTC).date().isoformat(),
        "machine": machine(),
        "versions": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "sqlite": sqlite3.sqlite_version,
        },
    }


def without_folders(argument: str) -> str:
    """Files by their names: where they lie on this machine says nothing."""
    return ",".join(Path(part).name for part in argument.split(","))


def write(name: str, figures: dict[str, Any]) -> Path:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(rounded(figures), indent=1) + "\n")
    return path


def rounded(value: Any) -> Any:
    """Four digits that count: more would be noise."""
    if isinstance(value, dict):
        return {key: rounded(held) for key, held in value.items()}
    if isinstance(value, list):
        return [rounded(held) for held in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value
