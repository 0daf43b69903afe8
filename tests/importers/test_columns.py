"""Columns are known by their names, in many languages, and a person has the last word."""

from __future__ import annotations

import gzip
import io
from dataclasses import fields

import pytest

from articles import importers
from articles.importers.cells import names
from articles.importers.columns import FIELDS, assigned, guess
from articles.records import ArticleRecord, UnreadableFile
from tests.growth import assert_in_proportion

from .packing import page, zip_of


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        (
            "title",
            "Headline,titel,Titre,TÍTULO,Überschrift,post_title,articleTitle,webTitle,dc:title,fields.headline,标题",
        ),
        ("body", "text,Body Text,fullText,content,article,Inhalt,texte,cuerpo,conteúdo,story_text,正文,النص"),
        ("html", "content_html,bodyHTML,html"),
        ("date", "Pub. Date,pubDate,published_at,datePublished,datum,fecha,Erscheinungsdatum,date,webPublicationDate"),
        ("canonical_url", "URL,link,permalink,canonicalUrl,webUrl,article_url"),
        ("authors", "Author,creator,dc.creator,Autor,auteur,author1,Author 2,written by"),
        ("byline", "byline,By-line"),
        ("source", "Publication,newspaper,journal,Zeitung,fuente,source_name,periódico"),
        ("sections", "category,Categories,Rubrik,section name,sección,Ressort"),
        ("tags", "tags,keywords,Schlagwörter,mots-clés,palabras clave"),
        ("language", "lang,Language,Sprache,inLanguage"),
        ("standfirst", "summary,abstract,Subtitle,dek,Vorspann,chapô,trailText"),
        ("image_url", "image_url,urlToImage,Foto"),
        ("caption", "caption,Bildunterschrift"),
        ("", "id,docno,count,page,received,place,label,True,,x,e-mail"),
    ],
)
def test_a_header_is_known_by_its_name_however_it_is_written(field, headers):
    assert {header: guess(header) for header in headers.split(",")} == dict.fromkeys(headers.split(","), field)


def test_the_fields_of_a_record_have_their_own_names():
    ours = {item.name for item in fields(ArticleRecord)} - {"received", "page", "place"}
    assert ours <= set(FIELDS)
    assert {name: guess(name) for name in ours} == {name: name for name in ours}


def test_of_two_columns_for_one_field_the_better_name_has_it():
    assert assigned(["headline", "title", "created_at", "date"], {}) == {
        "headline": "",
        "title": "title",
        "created_at": "",
        "date": "date",
    }


def test_several_columns_may_hold_names():
    assert assigned(["author1", "author2", "tags", "keywords"], {}) == {
        "author1": "authors",
        "author2": "authors",
        "tags": "tags",
        "keywords": "tags",
    }


def test_a_person_has_the_last_word():
    decided = {"headline": "title", "title": "", "x": "body", "gone": "date"}
    assert assigned(["title", "headline", "x", "text"], decided) == {
        "title": "",
        "headline": "title",
        "x": "body",
        "text": "",
    }


def test_a_decision_for_no_field_is_refused_with_the_fields():
    with pytest.raises(UnreadableFile, match=r"no field 'headline'.*title, body"):
        assigned(["x"], {"x": "headline"})


def test_a_header_of_any_length_is_answered():
    assert guess("title" * 100_000) == ""


def test_names_lose_their_mail_addresses_and_what_is_before_them():
    assert names("Ann Writer   <ann@a.example>; Bo Writer(bo@a.example)") == ("Ann Writer", "Bo Writer")


@pytest.mark.parametrize("piece", [" ", " <", "a@"])
def test_a_cell_of_names_takes_no_longer_than_its_length(piece):
    assert_in_proportion(lambda length: names("Ann" + piece * length + "Bo"), 40_000)


def test_columns_of_the_files_in_a_container_are_found_each_once():
    packed = zip_of(
        {
            "page.html": page("Otters"),
            "one.csv": b"title,text,number\nOtters,They swim.,7\n",
            "damaged.json": b'{"title": ',
            "two.csv.gz": gzip.compress(b"title;Wortlaut\nHerons;They wade.\n"),
        }
    )
    found = importers.columns("upload.zip", io.BytesIO(packed))
    assert [(column.header, column.field) for column in found] == [
        ("title", "title"),
        ("text", "body"),
        ("number", ""),
        ("Wortlaut", ""),
    ]


def test_no_more_files_of_a_container_are_asked_for_columns_than_a_few(monkeypatch):
    monkeypatch.setattr(importers, "MOST_WITH_COLUMNS", 1)
    packed = zip_of({"a.html": page("Otters"), "b.csv": b"title,text\nOtters,They swim.\n"})
    assert importers.columns("upload.zip", io.BytesIO(packed)) == ()
