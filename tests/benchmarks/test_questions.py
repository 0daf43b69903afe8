"""The questions that engines are asked, and how their answers are held against each other."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks import agreement, corpus, questions, timing
from benchmarks.engines.door import Document, Question, Result
from benchmarks.engines.fts5 import FTS5
from benchmarks.engines.ours import Ours
from benchmarks.engines.whoosh import Whoosh

COUNT = 60


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    return list(corpus.Corpus(corpus.sources(corpus.demo_files())).documents(COUNT))


@pytest.fixture(scope="module")
def asked(documents: list[Document]) -> list[Question]:
    return questions.draw(questions.sample(documents, random.Random(1)), 12)


def test_there_are_different_questions_of_every_kind_but_page_50_which_wants_many_articles(asked: list[Question]):
    assert {question.kind for question in asked} == set(questions.KINDS) - {"page 50"}
    assert len({str(question) for question in asked}) == len(asked)


def test_common_words_are_common_and_rare_ones_rare(documents: list[Document], asked: list[Question]):
    def articles(stem: str) -> int:
        return sum(stem in document.stems.split() for document in documents)

    for question in asked:
        if question.kind == "common":
            assert articles(question.stems[0]) >= questions.COMMON_SHARE * COUNT
        if question.kind == "rare":
            assert 1 <= articles(question.stems[0]) <= questions.RARE_MOST


def plainly(documents: list[Document], question: Question) -> list[int]:
    """What a question finds, by reading everything."""
    return [document.key for document in documents if fits(document, question)]


def fits(document: Document, question: Question) -> bool:
    text, stems = document.stems.split(), question.stems
    if question.days and not question.days[0] <= document.day <= question.days[1]:
        return False
    if question.match == "phrase":
        return f" {' '.join(stems)} " in f" {document.stems} "
    if question.match == "near":
        places = [[at for at, word in enumerate(text) if word == stem] for stem in stems]
        return any(abs(one - other) <= question.slop for one in places[0] for other in places[1])
    if question.match == "prefix":
        return any(word.startswith(stems[0]) for word in text)
    if question.match == "fuzzy":
        return any(one_wrong(word, stems[0]) for word in text)
    if question.match == "fields":
        return stems[0] in {*text, *document.title_stems.split(), *document.caption_stems.split()}
    return (any if question.match == "or" else all)(stem in text for stem in stems)


def one_wrong(word: str, other: str) -> bool:
    """At most one letter is another, missing or too many: behind their common beginning the rest is the same."""
    same = next((at for at, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), None)
    same = min(len(word), len(other)) if same is None else same
    one, two = word[same:], other[same:]
    return one[1:] == two[1:] or one[1:] == two or one == two[1:]


@pytest.mark.parametrize("kind", [Ours, FTS5, Whoosh])
def test_an_engine_finds_what_reading_everything_finds(
    kind: type[Any], documents: list[Document], asked: list[Question], tmp_path: Path
):
    engine = kind(tmp_path)
    engine.build(documents)
    engine.open()
    days = {document.key: document.day for document in documents}
    for question in asked:
        if question.kind in engine.lacks:
            continue
        answer = engine.search(question)
        expected = plainly(documents, question)
        assert (question, answer.total) == (question, len(expected))
        assert len(answer.keys) == min(10, len(expected))
        assert set(answer.keys) <= set(expected)
        if question.by_date:
            assert [days[key] for key in answer.keys] == sorted((days[key] for key in expected), reverse=True)[:10]
        if question.facet:
            assert sum((answer.sections or {}).values()) == len(expected)


@pytest.mark.parametrize("kind", [Ours, FTS5, Whoosh])
def test_a_changed_article_is_found_by_its_new_words_only(kind: type[Any], documents: list[Document], tmp_path: Path):
    engine = kind(tmp_path)
    engine.build(documents)
    engine.open()
    old = documents[0]
    new = Document(**{**vars(old), "text": "qwyx only", "stems": "qwyx onli"})
    engine.change(old, new)
    assert engine.search(Question("word", "and", ["qwyx"], ["qwyx"])) == Result(1, [old.key])
    assert old.key not in engine.search(Question("word", "and", [old.title.split()[0]], [old.stems.split()[0]])).keys


# Agreement

WORD = Question("common", "and", ["ferry"], ["ferri"])
FACET = Question("facet", "and", ["ferry"], ["ferri"], facet=True)
DATED = Question("by date", "and", ["ferry"], ["ferri"], by_date=True)
DAYS = {1: 100, 2: 200, 3: 200}


def said(total: int, keys: list[int], sections: dict[str, int] | None = None) -> dict[str, Any]:
    return {"total": total, "keys": keys, "sections": sections}


def differing(question: Question, **answers: dict[str, Any] | None) -> list[str]:
    found = agreement.differences([question], {name: [answer] for name, answer in answers.items()}, DAYS, {})
    return [difference.engine for difference in found]


def test_engines_that_rank_otherwise_agree():
    assert differing(WORD, a=said(3, [1, 2, 3]), b=said(3, [3, 2, 1])) == []


@pytest.mark.parametrize("other", [said(2, [1, 2]), said(3, [1, 2]), said(3, [1, 1, 2])])
def test_another_total_or_a_page_with_gaps_is_a_difference(other: dict[str, Any]):
    assert differing(WORD, a=said(3, [1, 2, 3]), b=said(3, [1, 2, 3]), c=other) == ["c"]


def test_other_sections_are_a_difference():
    same = said(3, [1, 2, 3], {"section-1": 3})
    assert differing(FACET, a=same, b=same, c=said(3, [1, 2, 3], {"section-1": 2, "section-2": 1})) == ["c"]


def test_articles_of_one_day_may_change_places_and_others_not():
    right = said(3, [3, 2, 1])
    assert differing(DATED, a=right, b=right, c=said(3, [2, 3, 1])) == []
    assert differing(DATED, a=right, b=right, c=said(3, [1, 2, 3])) == ["c"]


def test_an_engine_that_was_not_asked_does_not_differ():
    assert differing(WORD, a=said(3, [1, 2, 3]), b=None) == []


def test_a_difference_without_a_reason_stops_the_run():
    answers = {"a": [said(3, [1, 2, 3])], "b": [said(3, [1, 2, 3])], "c": [said(2, [1, 2])]}
    explained = agreement.differences([WORD], answers, DAYS, {"c": {"common": "reads otherwise"}})
    agreement.agree(explained)
    with pytest.raises(agreement.Disagreement, match="c, common: 1 of 1 differ, a total of 2 for 3"):
        agreement.agree(agreement.differences([WORD], answers, DAYS, {}))


# Figures


def test_the_mix_is_all_questions_but_those_of_fields():
    found = timing.quantiles({"common": [1.0, 2.0, 3.0], "fields": [100.0]})
    assert found["mix"] == found["common"] == {"median": 2.0, "p95": 3.0}
    assert found["fields"]["median"] == 100.0


def test_everyone_begins_once():
    names = ["a", "b", "c"]
    assert [timing.turned(names, by)[0] for by in range(4)] == ["a", "b", "c", "a"]
