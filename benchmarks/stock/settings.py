"""The archive's settings, over its database, with Haystack and Whoosh as they come."""

from newsarchive.settings import *  # noqa: F403
from newsarchive.settings import BASE_DIR, DATA, DATABASES, INSTALLED_APPS

# The articles are those of the archive that the page beside this one shows.
if not DATABASES["default"].get("HOST"):
    DATABASES["default"]["NAME"] = DATA.parent / "archive-page" / "archive.sqlite3"

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.stock"]
ROOT_URLCONF = "benchmarks.stock.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "benchmarks" / "stock" / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "haystack.backends.whoosh_backend.WhooshEngine",
        "PATH": f"{DATA}/index",
        "EXCLUDED_INDEXES": ["articles.search_indexes.ArticleIndex"],
        "SILENTLY_FAIL": False,
    },
}
HAYSTACK_SEARCH_RESULTS_PER_PAGE = 10
# In its favour: otherwise each search first lists every article of the index, to be sure that it is one.
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False
