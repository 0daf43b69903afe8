"""The articles that engines are measured with."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from benchmarks import corpus, names, words

STORIES = [
    {"title": "Ferry returns", "body": "The ferry came back at noon. Nobody had expected it before the ice went."},
    {
        "title": "A quiet fair",
        "body": "The fair was quiet this year. Two cows were sold, and one of them came home again.",
    },
]


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps(story) + "\n" for story in STORIES))
    return path


def made(paths: list[Path], count: int, seed: int = 1) -> list[corpus.Document]:
    return list(corpus.Corpus(corpus.sources(paths), seed).documents(count))


def test_the_same_sources_and_seed_give_the_same_articles(stories: Path):
    assert made([stories], 20) == made([stories], 20)
    assert made([stories], 20) != made([stories], 20, seed=2)


def test_an_article_is_words_in_lower_case_and_its_text_begins_with_its_title(stories: Path):
    for number, document in enumerate(made([stories], 20), start=1):
        assert document.key == number
        assert document.text.startswith(document.title)
        assert all(words.WORD.fullmatch(word) for word in document.text.split())
        assert len(document.text.split()) >= corpus.SHORTEST
        assert document.stems.split() == words.stems(document.text.split())
        assert corpus.FIRST_DAY <= document.day < corpus.LAST_DAY


def test_sentences_stay_whole_but_for_a_name(stories: Path):
    whole = "nobody had expected it before the ice went"
    assert any(whole in document.text for document in made([stories], 20))


def test_packed_files_and_several_are_read(stories: Path, tmp_path: Path):
    packed = tmp_path / "more.jsonl.gz"
    with gzip.open(packed, "wt") as file:
        file.write(json.dumps({"title": None, "body": "A heron stood on the weir. It did not move."}) + "\n")
    assert "heron" in " ".join(document.text for document in made([stories, packed], 30))


def test_what_has_no_sentence_in_latin_letters_is_told(tmp_path: Path):
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps({"title": "新聞", "body": "新聞。"}) + "\n")
    with pytest.raises(corpus.NoTexts, match=r"other\.jsonl"):
        corpus.sources([path])


def test_marks_of_html_are_no_words(tmp_path: Path):
    path = tmp_path / "page.jsonl"
    body = "<p>The <strong>weir</strong> held through the night.</p>"
    path.write_text(json.dumps({"title": "Weir", "body": body, "body_type": "text/html"}) + "\n")
    assert "strong" not in " ".join(document.text for document in made([path], 5)).split()


def test_what_is_written_is_read_again(stories: Path, tmp_path: Path):
    documents = made([stories], 5)
    size = corpus.write(documents, tmp_path / "corpus.jsonl")
    assert list(corpus.read(tmp_path / "corpus.jsonl")) == documents
    assert size == sum(len(document.text) + len(document.caption) for document in documents)


def test_different_ranks_have_different_names():
    ranks = [*range(20_000), names.LAST]
    assert len({names.name(rank) for rank in ranks}) == len(ranks)


def test_the_vocabulary_grows_with_the_archive_and_slower_than_it():
    documents = made(corpus.demo_files(), 2000)
    known = [len({word for document in documents[:count] for word in document.text.split()}) for count in (500, 2000)]
    assert 1.5 < known[1] / known[0] < 3.5


def test_a_name_is_the_rarer_the_higher_its_rank():
    chance = random.Random(1)
    drawn = [names.draw(chance) for _ in range(20_000)]
    low = {names.name(rank) for rank in range(3000)}
    assert 0.2 < sum(name in low for name in drawn) / len(drawn) < 0.5
    assert len(set(drawn)) > 9000
