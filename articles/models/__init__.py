"""The models, by subject."""

from .article import Article, ArticleAuthor, ArticleSection, ArticleTag, Image, civil
from .desk import Distinct, Draft, FruitlessSearch
from .imports import ImportInput, ImportJob, ImportOutcome, JobState, Original, Result
from .ledger import Edition, IndexBacklog, IndexStamp, Period
from .names import (
    Alias,
    Author,
    AuthorAlias,
    Name,
    Section,
    SectionAlias,
    Source,
    SourceAlias,
    Tag,
    TagAlias,
    name_key,
)
from .printings import Sketch, SketchKey
from .searching import FollowedSearch, NameRing
from .statements import Statement
from .takedown import HIDDEN, Access, Reason, Takedown
from .versions import ArticleVersion, Cause

__all__ = [
    "HIDDEN",
    "Access",
    "Alias",
    "Article",
    "ArticleAuthor",
    "ArticleSection",
    "ArticleTag",
    "ArticleVersion",
    "Author",
    "AuthorAlias",
    "Cause",
    "Distinct",
    "Draft",
    "Edition",
    "FollowedSearch",
    "FruitlessSearch",
    "Image",
    "ImportInput",
    "ImportJob",
    "ImportOutcome",
    "IndexBacklog",
    "IndexStamp",
    "JobState",
    "Name",
    "NameRing",
    "Original",
    "Period",
    "Reason",
    "Result",
    "Section",
    "SectionAlias",
    "Sketch",
    "SketchKey",
    "Source",
    "SourceAlias",
    "Statement",
    "Tag",
    "TagAlias",
    "Takedown",
    "civil",
    "name_key",
]
