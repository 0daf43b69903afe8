"""The models, by subject."""

from .article import Article, ArticleAuthor, ArticleSection, ArticleTag, Image, civil
from .imports import ImportInput, ImportJob, ImportOutcome, JobState, Original, Result
from .ledger import IndexBacklog, Period
from .names import Author, Name, Section, Source, Tag, name_key

__all__ = [
    "Article",
    "ArticleAuthor",
    "ArticleSection",
    "ArticleTag",
    "Author",
    "Image",
    "ImportInput",
    "ImportJob",
    "ImportOutcome",
    "IndexBacklog",
    "JobState",
    "Name",
    "Original",
    "Period",
    "Result",
    "Section",
    "Source",
    "Tag",
    "civil",
    "name_key",
]
