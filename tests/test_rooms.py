"""The law of doors: imports run one way, from the faces to the records (docs/architecture.md)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = ROOT / "articles"

# Each room and the rooms of ours whose doors it may open. A room not named here has not been thought about.
DOORS: dict[str, set[str]] = {
    "records": set(),
    "addresses": set(),
    "locales": set(),
    "cleaning": set(),
    "ledger": set(),
    "dates": {"records"},
    "importers": {"records", "dates"},
    "models": {"addresses", "records"},
    "originals": {"models"},
    "receiving": {"importers", "models", "originals", "records"},
    "sketches": set(),
    "printings": {"sketches", "reprints", "models"},
    "reprints": {"sketches", "differences"},
    "differences": {"sketches"},
    "preparing": {"records", "cleaning", "models"},
    "filing": {"records", "cleaning", "models", "preparing"},
    "meeting": {"records", "models", "preparing", "filing"},
    "versions": {"records", "cleaning", "differences", "filing", "models", "preparing", "printings"},
    "attempts": set(),
    "troubles": set(),
    "fates": {"models"},
    "undoing": {"attempts", "fates", "filing", "ledger", "meeting", "models", "versions"},
    "ingest": {"records", "models", "preparing", "meeting", "filing", "versions", "printings"},
    "citations": {"records", "models"},
    "exports": {"records", "models"},
    "desk": {"models", "records"},
    "splitting": {"attempts", "models"},
    "fruitless": {"models", "search"},
    "heartbeat": set(),
    "health": {"backups", "heartbeat", "locales", "models", "search"},
    "snapshots": set(),
    "backups": {"keeping", "originals", "ledger", "models", "snapshots"},
    "keeping": {"preparing", "originals", "models", "records", "search", "snapshots"},
    "trash": {"models", "records"},
    "ladder": {"models", "records"},
    "search.engine": set(),
    "search": {"search.engine", "addresses", "locales", "models", "records", "snapshots"},
    "search_indexes": {"models", "records", "search.engine"},
    "batches": {"importers", "ingest", "models", "records"},
    "jobs": {
        "attempts",
        "batches",
        "ingest",
        "keeping",
        "ledger",
        "meeting",
        "originals",
        "models",
        "printings",
        "receiving",
        "records",
        "troubles",
    },
    "previewing": {"batches", "cleaning", "importers", "ingest", "models", "records"},
    "naming": {"attempts", "models", "records"},
    "suggesting": {"models", "search"},
    "editing": {"cleaning", "filing", "models", "preparing", "printings", "records", "versions"},
    "quoting": {"cleaning", "models", "search", "versions"},
    "surroundings": {"models", "search", "shelves"},
    "shelves": {"models", "records", "paging"},
    "holdings": {"models", "records"},
    "paging": set(),
    "context": {"models"},
    "apps": {"ledger", "checks"},
    "checks": set(),
    "demo": set(),
}
BELOW = {room for room in DOORS if room not in {"apps", "context"}} | {"forms"}
FACES = (
    "views",
    "browsing",
    "front",
    "unchanged",
    "coverage",
    "citing",
    "comparing",
    "completing",
    "entering",
    "following",
    "help",
    "history",
    "reading",
    "tombstones",
    "api",
    "feeds",
    "openapi",
    "sitemaps",
    "forms",
    "urls",
    "admin",
    "management",
    "pages",
    "templatetags",
    "wording",
)
SEARCH_WORDS = ("haystack", "whoosh")


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP).with_suffix("").parts
        if "migrations" in parts or not path.read_text().strip():
            continue
        yield ".".join(("articles", *parts)).removesuffix(".__init__"), path


def room_of(module: str) -> str:
    """`articles.search.engine.backend` is in the room `search.engine`."""
    parts = module.split(".")[1:]
    return "search.engine" if parts[:2] == ["search", "engine"] else parts[0] if parts else ""


def imported(module: str, path: Path) -> Iterator[str]:
    """The absolute names of what a module imports."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield from (f"{base}.{alias.name}" for alias in node.names)


MODULES = list(modules())

# The packages of the engine, from the bottom up.
ENGINE = ("errors", "analysis", "segments", "schema", "building", "asking", "keeping", "backend")
# Those of the search room likewise.
SEARCH = ("engine", "grammar", "question", "names", "passages", "hints", "answers")


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[module for module, _ in MODULES])
def test_a_door_faces_one_way(module: str, path: Path):
    room = room_of(module)
    if not room:
        return
    assert room in DOORS or room in FACES, f"{module} is in a room that docs/architecture.md does not know"
    allowed = BELOW | set(FACES) if room in FACES else DOORS[room]
    for name in imported(module, path):
        if name.startswith("articles."):
            other = room_of(name)
            assert other == room or other in allowed, f"{module} opens the door of {other}"


@pytest.mark.parametrize(
    ("module", "path"), [(module, path) for module, path in MODULES if room_of(module) == "search.engine"]
)
def test_the_packages_of_the_engine_import_downwards_only(module: str, path: Path):
    package = module.split(".")[3]
    others = {name.split(".")[3] for name in imported(module, path) if name.startswith("articles.search.engine.")}
    # What a file of arrays is belongs to what an index was written with.
    allowed = {*ENGINE[: ENGINE.index(package) + 1]} | ({"schema"} if package == "segments" else set())
    assert others <= allowed, f"{module} looks up to {others - allowed}"


@pytest.mark.parametrize(
    ("module", "path"), [(module, path) for module, path in MODULES if module.startswith("articles.search.")]
)
def test_the_packages_of_the_search_room_import_downwards_only(module: str, path: Path):
    package = module.split(".")[2]
    others = {name.split(".")[2] for name in imported(module, path) if name.startswith("articles.search.")}
    above = {*SEARCH[SEARCH.index(package) + 1 :]} if package in SEARCH else set()
    assert not others & above, f"{module} looks up to {others & above}"


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[module for module, _ in MODULES])
def test_only_search_says_haystack_or_whoosh(module: str, path: Path):
    if room_of(module) in {"search", "search.engine", "search_indexes", "checks"}:
        return
    assert not [name for name in imported(module, path) if name.split(".")[0] in SEARCH_WORDS]


def test_only_who_takes_files_in_opens_the_importers():
    openers = {room_of(module) for module, path in MODULES for name in imported(module, path) if "importers" in name}
    assert openers <= {"importers", "batches", "receiving", "previewing", "management"}


def test_nothing_is_imported_inside_a_function():
    hidden = [
        f"{module}.{function.name}"
        for module, path in MODULES
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(function))
    ]
    assert hidden == []


def test_the_two_broad_handlers_are_at_the_edge_of_a_job_and_at_the_search_door():
    broad = {
        room_of(module)
        for module, path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    }
    assert broad <= {"jobs", "search"}


def test_no_file_of_ours_is_longer_than_400_lines_and_no_function_longer_than_50():
    long = [
        f"{path.relative_to(ROOT)}"
        for _, path in MODULES
        if len(path.read_text().splitlines()) > 400
        or any(
            node.end_lineno - node.lineno >= 50
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        )
    ]
    assert long == []
