"""The models, by subject."""

from .article import Article, ArticleAuthor, ArticleSection, ArticleTag, Image, civil
from .imports import ImportInput, ImportJob, ImportOutcome, JobState, Original, Result
from .ledger import IndexBacklog, Period
from .names import Author, Name, Section, Source, Tag, name_key
from .printings import Sketch, SketchKey
from .searching import FollowedSearch, NameRing
from .statements import Statement

__all__ = [
    "Article",
    "ArticleAuthor",
    "ArticleSection",
    "ArticleTag",
    "Author",
    "FollowedSearch",
    "Image",
    "ImportInput",
    "ImportJob",
    "ImportOutcome",
    "IndexBacklog",
    "JobState",
    "Name",
    "NameRing",
    "Original",
    "Period",
    "Result",
    "Section",
    "Sketch",
    "SketchKey",
    "Source",
    "Statement",
    "Tag",
    "civil",
    "name_key",
]
