"""The tests' settings, and the stock Haystack engine for Whoosh beside ours."""

from tests.settings import *  # noqa: F403
from tests.settings import DATA, HAYSTACK_CONNECTIONS

HAYSTACK_CONNECTIONS = {
    **HAYSTACK_CONNECTIONS,
    "stock": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": f"{DATA}/stock"},
}
