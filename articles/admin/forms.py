"""The forms of the admin: an upload, an article, a name, the tags of a bulk action."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html

from .. import editing
from ..jobs import Gifts, Incoming
from ..models import Article, Image, Source
from ..models.article import web_address
from ..preparing import LANGUAGE
from ..receiving import path_of
from ..records import HTML, PLAIN, Dating, Known, Refused, Status
from .fields import DateField, FilesField, LineField, LinesField, NamesField, PathsField, SourceField, TextField
from .takedown import refuse_hidden

PASTED = "pasted text.txt"
ANY_STATUS = [
    ("", "As the file says, else published"),
    *((status.value, status.value.capitalize()) for status in Status),
]
LINKS = {"section_names": "sections", "tag_names": "tags", "author_names": "authors"}
ONE_A_LINE = "One on each line."
WIDE = forms.TextInput(attrs={"dir": "auto", "size": 80})


class UploadForm(forms.Form):
    uploaded = FilesField(required=False, label="Files")
    # Of a file in a folder a browser sends the path; Django keeps the name alone. The script sends the paths beside.
    paths = PathsField(required=False)
    text = TextField(required=False, strip=False, label="Or paste a text", help_text="It is kept as a file of its own.")
    source = SourceField(required=False, help_text="The paper or site, for articles that do not name theirs.")
    status = forms.ChoiceField(required=False, choices=ANY_STATUS)
    tags = NamesField(required=False, help_text=f"For all articles of this upload. {ONE_A_LINE}")

    def __init__(self, *args: Any, may_publish: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_publish:
            del self.fields["status"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("uploaded") and not given.get("text", "").strip() and not self.errors:
            raise ValidationError("Nothing came: choose at least one file, or paste a text.")
        return given

    @property
    def names(self) -> list[str]:
        return [path_of(incoming.name) for incoming in self.incoming()]

    @property
    def label(self) -> str:
        """What the import is called: by its file, its folder, or its first file."""
        names = self.names
        folders = {name.partition("/")[0] for name in names if "/" in name}
        if len(names) == 1:
            return names[0]
        if len(folders) == 1 and all("/" in name for name in names):
            return f"{folders.pop()}, {len(names):,} files"
        return f"{len(names):,} files, from {names[0]}"

    @property
    def size(self) -> int:
        return sum(file.size for file in self.cleaned_data["uploaded"]) + len(self._pasted)

    def incoming(self) -> Iterator[Incoming]:
        for name, file in self._named():
            yield Incoming(name, file.chunks())
        if self._pasted.strip():
            yield Incoming(PASTED, [self._pasted])

    def _named(self) -> list[tuple[str, Any]]:
        """The files with their names; those of a folder, of which browsers know no order, by their paths."""
        files = self.cleaned_data["uploaded"]
        paths = self.cleaned_data["paths"]
        if len(paths) != len(files):
            return [(file.name, file) for file in files]
        named = zip(paths, files, strict=True)
        return sorted(named, key=lambda pair: pair[0].rpartition("/")[::2] if "/" in pair[0] else ("", ""))

    @property
    def _pasted(self) -> bytes:
        return str(self.cleaned_data["text"]).encode()

    def gifts(self) -> Gifts:
        given = self.cleaned_data
        return Gifts(
            source=source_named(given["source"]), status=given.get("status", Status.DRAFT), tags=tuple(given["tags"])
        )


def source_named(name: str) -> Source | None:
    return next(iter(Source.objects.named([name]).values()), None)


class ArticleForm(forms.ModelForm):
    """An article with its names one a line, its date as one text, and its body as it is edited.

    What did not change stays as it came, even where nobody would be allowed to type it today.
    """

    title = LineField(max_length=500, widget=WIDE)
    kicker = LineField(required=False, max_length=500, widget=WIDE)
    standfirst = TextField(required=False)
    byline = LineField(required=False, max_length=500, widget=WIDE, help_text="As printed; authors are filed below.")
    dateline = LineField(required=False, max_length=200, help_text="The place that the text names at its head.")
    language = LineField(required=False, max_length=35, help_text="Such as en, ar or pt-BR.")
    address = LineField(required=False, max_length=2000, widget=WIDE, help_text="Where it was published on the web.")
    correction = TextField(required=False, help_text="Printed at the head of the article.")
    editors_note = TextField(required=False, label="Editor’s note")
    body = TextField(required=False, strip=False, widget=forms.Textarea(attrs={"dir": "auto", "rows": 28}))
    body_type = forms.ChoiceField(label="Body is", choices=[(PLAIN, "plain text"), (HTML, "HTML")], initial=PLAIN)

    source_name = SourceField(required=False, label="Source")
    section_names = NamesField(required=False, label="Sections", help_text=ONE_A_LINE)
    tag_names = NamesField(required=False, label="Tags", help_text=ONE_A_LINE)
    author_names = NamesField(required=False, label="Authors", help_text=ONE_A_LINE)
    date = DateField(required=False)
    evidence_lines = LinesField(
        required=False, label="Evidence", help_text=f"The words that say when it appeared. {ONE_A_LINE}"
    )

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = (
            "title", "kicker", "standfirst", "byline", "dateline", "language", "status", "known", "correction",
            "editors_note", "body", "body_type",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        article = kwargs.get("instance")
        if article:
            kwargs["initial"] = {**held_by(article), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.body_before: str = self.instance.body
        # What the article said before it was saved, if it was here; set when it is saved.
        self.told_before: dict[int, dict[str, Any]] = {}
        self.paragraphs_before: list[str] = self.instance.paragraphs

    def is_multipart(self) -> bool:
        """Django counts the bytes of a form before it reads it, and the other encoding makes three of each."""
        return True

    def clean_language(self) -> str:
        language = self.cleaned_data["language"]
        if "language" in self.changed_data and language and not LANGUAGE.fullmatch(language):
            raise ValidationError(f"“{language}” is not a code such as en or pt-BR.")
        return language

    def clean_address(self) -> str:
        url = self.cleaned_data["address"]
        if "address" in self.changed_data and url:
            web_address(url)
        other = url and Article.objects.filter(canonical_url=url).exclude(pk=self.instance.pk).first()
        if other:
            raise ValidationError(format_html("Another article has this address: {}.", link_to(other)))
        return url

    def clean_status(self) -> str:
        refuse_hidden(self.instance, self.cleaned_data["status"])
        return self.cleaned_data["status"]

    def clean_body(self) -> str:
        return self.cleaned_data["body"] if "body" in self.changed_data else self.body_before

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if {"date", "known", "evidence_lines"} <= given.keys():
            given["dating"] = self._dating(given)
        if self.instance.pk and given.get("seen") != self.initial["seen"]:
            raise ValidationError(
                "Somebody else changed this article while it was open here. Open it in a second window, "
                "and bring over there what you typed here."
            )
        return given

    def _dating(self, given: dict[str, Any]) -> Dating | None:
        bounds = given["date"] if "date" in self.changed_data else self.instance.dating
        dated = bounds.earliest or bounds.latest
        known = Known(given["known"]) if dated else Known.UNKNOWN
        if dated and known == Known.UNKNOWN and {"date", "known"} & set(self.changed_data):
            self.add_error("known", "Say how the date is known: printed with the article, or inferred.")
        lines = given["evidence_lines"] if "evidence_lines" in self.changed_data else self.instance.evidence
        try:
            return dataclasses.replace(bounds, known=known, evidence=tuple(lines))
        except Refused as error:
            self.add_error("date", str(error))
        return None

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.errors:
            self._follow_up()

    def _follow_up(self) -> None:
        """The article has its new values: what follows from them, and whether it is a copy of another now."""
        article, given = self.instance, self.cleaned_data
        article.dating, article.canonical_url = given["dating"], given["address"]
        if "source_name" in self.changed_data:
            article.source = source_named(given["source_name"])
        if "body" in self.changed_data and article.pk:
            editing.keep_received(article, self.body_before)
        editing.renew(article)
        other = editing.twin(article)
        if other:
            words = "This article is here already, with the same source, title, date and text: {}."
            self.add_error(None, format_html(words, link_to(other)))


def held_by(article: Article) -> dict[str, Any]:
    """What the form shows of an article beside its columns."""
    return {
        "address": article.canonical_url,
        "source_name": article.source.name if article.source else "",
        "section_names": [link.section.name for link in article.section_links.select_related("section")],
        "tag_names": [link.tag.name for link in article.tag_links.select_related("tag")],
        "author_names": [link.author.name for link in article.author_links.select_related("author")],
        "date": article.dating,
        "evidence_lines": article.evidence,
        "seen": article.modified_at.isoformat(),
    }


def link_to(article: Article) -> str:
    address = reverse("admin:articles_article_change", args=[article.pk])
    return format_html('<a href="{}">{}</a>', address, article.title)


class ImageForm(forms.ModelForm):
    caption = TextField(required=False, widget=forms.Textarea(attrs={"dir": "auto", "rows": 2}))
    credit = LineField(required=False, max_length=500, widget=WIDE)
    alt = LineField(required=False, label="Description", widget=WIDE)
    url = LineField(required=False, max_length=2000, label="Address", widget=WIDE, help_text="Nothing is loaded.")

    class Meta:
        model = Image
        fields = ("position", "caption", "credit", "alt", "url")


class TagsForm(forms.Form):
    names = NamesField(label="Tags", help_text=ONE_A_LINE, error_messages={"required": "Type at least one tag."})
