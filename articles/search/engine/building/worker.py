"""A process that builds segments for another one. It is run as a script, with the engine's package and a connection.

Nothing of the caller is imported, least of all its main module. Empty packages stand in for those that the engine lies
in: what they import (a web framework, and all of a site) is of no use here.
"""

import sys
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType


def main(package: str, descriptor: str) -> None:
    outer = package.split(".")[:-1]
    for depth in range(len(outer)):
        module = ModuleType(".".join(outer[: depth + 1]))
        module.__path__ = [str(Path(__file__).resolve().parents[len(outer) - depth])]
        sys.modules[module.__name__] = module
    import_module(f"{package}.parallel").work(Connection(int(descriptor)))


if __name__ == "__main__":
    main(*sys.argv[1:])
