"""The engine as Haystack knows it, against a plain reading of the same conditions."""

from __future__ import annotations

import datetime as dt
import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from haystack.backends import SQ
from haystack.inputs import AltParser, AutoQuery, Exact, Not, Raw
from haystack.query import SearchQuerySet
from haystack.utils import get_identifier

from articles import search
from articles.models import Article
from articles.search.engine.errors import Unsupported

from ..makers import make_article
from .indexes import backend, bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]

WORDS = "ferry quay storm ice comet".split()


def keys(results) -> set[int]:
    return {int(result.pk) for result in results}


def random_conditions(chance: random.Random, depth: int = 0) -> SQ:
    if depth == 3 or chance.random() < 0.4:
        text = " ".join(chance.choices(WORDS, k=chance.choice((1, 1, 2))))
        kind = chance.choice(("words", "phrase", "title", "tag"))
        leaf = {
            "words": SQ(content=text),
            "phrase": SQ(content=Exact(text)),
            "title": SQ(title=text),
            "tag": SQ(tag__exact=text.split()[0]),
        }[kind]
        return ~leaf if chance.random() < 0.3 else leaf
    parts = [random_conditions(chance, depth + 1) for _ in range(chance.choice((1, 2, 3)))]
    node = SQ(*parts, _connector=chance.choice((SQ.AND, SQ.OR)))
    return ~node if chance.random() < 0.3 else node


def holds(node, article: dict[str, list[str]]) -> bool:
    """What Haystack's conditions mean, read off the words of an article."""
    if isinstance(node, SQ):
        results = [holds(child, article) for child in node.children]
        whole = any(results) if node.connector == SQ.OR else all(results)
        return whole != node.negated
    name, value = node
    if name == "tag__exact":
        return value in article["tags"]
    texts = [article["title"]] if name == "title" else [article["title"], article["text"], article["tags"]]
    if isinstance(value, Exact):
        row = value.query_string.split()
        return any(text[at : at + len(row)] == row for text in texts for at in range(len(text)))
    return all(any(word in text for text in texts) for word in value.split())


def test_any_tree_of_conditions_finds_exactly_what_it_describes():
    chance = random.Random(7)
    held = {}
    for _ in range(40):
        title, text = chance.choices(WORDS, k=2), chance.choices(WORDS, k=chance.randrange(1, 6))
        tags = chance.sample(WORDS, chance.randrange(3))
        article = make_article(" ".join(title), text=" ".join(text), tags=tuple(tags))
        # Tags are words of the article too, each by itself.
        held[article.pk] = {"title": title, "text": text, "tags": tags}
        if chance.random() < 0.2:
            bring_up_to_date()
    bring_up_to_date()
    assert len(backend().store.snapshot().segments) > 1
    for number in range(400):
        asked = random_conditions(chance)
        if _phrase_over_tags(asked):
            continue
        expected = {key for key, article in held.items() if holds(asked, article)}
        results = SearchQuerySet().filter(SQ(asked))
        assert keys(results[:100]) == expected, (number, asked)
        assert results.count() == len(expected)


def _phrase_over_tags(asked: SQ) -> bool:
    """A phrase of two words may stand across two tags, which the plain reading does not know the order of."""
    if isinstance(asked, SQ):
        return any(_phrase_over_tags(child) for child in asked.children)
    return isinstance(asked[1], Exact) and " " in asked[1].query_string


def test_phrases_are_found_exactly_where_they_stand():
    chance = random.Random(11)
    texts = {}
    for _ in range(60):
        words = chance.choices("abc", k=chance.randrange(1, 12))
        texts[make_article("-", text=" ".join(words)).pk] = words
    bring_up_to_date()
    for _ in range(150):
        row = chance.choices("abc", k=chance.randrange(1, 6))
        expected = {key for key, words in texts.items() if f" {' '.join(row)} " in f" {' '.join(words)} "}
        assert keys(SearchQuerySet().filter(text=Exact(" ".join(row)))[:200]) == expected, row


def test_an_article_is_in_the_index_once_however_often_it_is_updated():
    article = make_article("Ferry")
    bring_up_to_date()
    index = SearchQuerySet().query.backend
    with index.batch():
        for _ in range(3):
            index.update(article_index(), [article])
    index.update(article_index(), [article, article])
    assert SearchQuerySet().filter(content="ferry").count() == 1
    index.remove(article)
    index.remove(get_identifier(article))
    assert SearchQuerySet().filter(content="ferry").count() == 0


def article_index():
    return search.indexing._index()


def test_haystack_can_count_facet_order_and_look_alike():
    for number in range(4):
        make_article("Ferry", text="comet observatory", tags=("a, b", "c") if number else ("c",), date=f"19{number}1")
    bring_up_to_date()
    asked = SearchQuerySet().filter(content="ferry").facet("tag").order_by("earliest")
    assert dict(asked.facet_counts()["fields"]["tag"]) == {"c": 4, "a-b": 3}
    assert len(asked) == asked.count() == 4
    assert [result.object.earliest.year for result in asked] == [1901, 1911, 1921, 1931]
    assert asked.models(Article).count() == 4
    assert asked.exclude(content="ferry").spelling_suggestion() is None
    assert len(SearchQuerySet().more_like_this(Article.objects.first())) == 3


def test_haystacks_lookups_mean_what_haystack_says():
    for title in ("Ice storm", "Storm of ice", "Comet"):
        make_article(title, text="-", tags=("big storm",), date="1911")
    bring_up_to_date()

    def count(**lookup) -> int:
        return SearchQuerySet().filter(**lookup).count()

    assert count(content="ice storm") == 2
    assert count(title="ice storm") == 2
    assert count(title=Exact("ice storm")) == count(content__exact="ice storm") == 1
    assert count(title__in=["ice storm", "comet"]) == 2
    assert count(content=AutoQuery('storm -"ice storm"')) == 2
    assert count(content=Not("ice")) == 1
    assert count(tag_names="storm") == count(tag_names__exact="Big Storm") == 3
    assert count(tag_names__exact="storm") == 0
    assert count(tag__in=["big-storm", "x"]) == 3
    assert count(earliest__range=(dt.date(1911, 1, 1), dt.date(1911, 12, 31))) == 3
    assert count(earliest__gt=dt.datetime(1911, 1, 1)) == count(earliest__lt=dt.datetime(1911, 1, 1)) == 0
    assert count(earliest=dt.date(1911, 1, 1)) == 3
    assert count(django_id__in=[Article.objects.first().pk]) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda asked: asked.narrow("title:(x"),
        lambda asked: asked.order_by("title"),
        lambda asked: asked.order_by("earliest", "nosuch"),
        lambda asked: asked.facet("title"),
        lambda asked: asked.facet("tag", prefix="x"),
        lambda asked: asked.date_facet("tag", dt.date(1911, 1, 1), dt.date(1912, 1, 1), "year"),
        lambda asked: asked.stats("earliest"),
        lambda asked: asked.highlight(fragment_size=10),
        lambda asked: asked.filter(nosuch="f"),
        lambda asked: asked.filter(title__gt="f"),
        lambda asked: asked.filter(earliest__startswith="19"),
        lambda asked: asked.filter(earliest__gt="soon"),
        lambda asked: asked.filter(content=AltParser("dismax", "f")),
        lambda asked: asked.filter(content=Raw("title:f AND")),
    ],
)
def test_what_the_engine_does_not_offer_is_refused_and_not_left_out(ask):
    make_article("Ferry")
    bring_up_to_date()
    with pytest.raises(Unsupported, match=r"\w+ .*\w"):
        ask(SearchQuerySet().filter(content="ferry")).count()


def test_haystacks_own_commands_keep_the_index_as_the_database_is():
    make_article("Ferry")
    call_command("update_index", verbosity=0)
    assert SearchQuerySet().filter(content="ferry").count() == 1
    make_article("Second ferry")
    call_command("clear_index", interactive=False, verbosity=0)
    assert SearchQuerySet().filter(content="ferry").count() == 0
    call_command("rebuild_index", interactive=False, verbosity=0)
    assert SearchQuerySet().filter(content="ferry").count() == 2
    Article.objects.filter(title="Second ferry").delete()
    call_command("update_index", remove=True, verbosity=0)
    assert SearchQuerySet().filter(content="ferry").count() == 1
    Article.objects.update(title="Bridge", modified_at="1990-01-01T00:00Z")
    call_command("update_index", age=1, verbosity=0)
    assert SearchQuerySet().filter(content="bridge").count() == 0


def test_a_passage_is_cut_out_of_a_text_that_is_not_stored():
    make_article("Pont", text="Les <b>inondations</b> de mai.", language="fr")
    bring_up_to_date()
    [result] = SearchQuerySet().filter(content="inondation").highlight()
    assert result.highlighted == {"text": ["Les &lt;b&gt;<em>inondations</em>&lt;/b&gt; de mai."]}


def test_segments_are_put_together_and_what_is_deleted_goes():
    article = make_article("Ferry")
    bring_up_to_date()
    for number in range(60):
        Article.objects.filter(pk=article.pk).update(title=f"Ferry {number}")
        bring_up_to_date()
        search.tidy()
    snapshot = backend().store.snapshot()
    assert snapshot.documents == 1
    assert len(snapshot.segments) < 12
    assert snapshot.count < 12
    made = [make_article("Ferry") for _ in range(3)]
    for one in made:
        search.index([one.pk])
    assert SearchQuerySet().filter(content="ferry").count() == 4


def test_an_index_can_be_emptied_article_by_article_and_filled_again():
    for _ in range(11):
        make_article("Ferry")
        bring_up_to_date()
    for article in Article.objects.all():
        article.delete()
        bring_up_to_date()
    assert SearchQuerySet().filter(content="ferry").count() == 0
    assert backend().store.snapshot().documents == len(backend().store.snapshot().segments) == 0
    for number in range(1, 11):
        make_article("Ferry")
        bring_up_to_date()
        assert SearchQuerySet().filter(content="ferry").count() == number


def test_files_do_not_pile_up(index_path):
    article = make_article("Ferry")
    bring_up_to_date()
    sizes = []
    for number in range(40):
        Article.objects.filter(pk=article.pk).update(title=f"Ferry {number}")
        bring_up_to_date()
        sizes.append(len(list(index_path.rglob("*"))))
    assert max(sizes[20:]) <= max(sizes[:20]) + 20
    search.rebuild()
    search.rebuild()
    search.rebuild()
    assert sum(path.is_dir() for path in index_path.iterdir()) == 2


def ask(word: str) -> tuple:
    asked = SearchQuerySet().filter(SQ(content=word) | SQ(text=Exact(f"{word} quay"))).facet("tag")
    return [result.pk for result in asked[:20]], asked.count(), Counter(dict(asked.facet_counts()["fields"]["tag"]))


def test_many_threads_get_the_answers_that_one_gets():
    chance = random.Random(3)
    for number in range(60):
        text = " ".join(chance.choices(WORDS, k=30))
        make_article(" ".join(chance.choices(WORDS, k=3)), text=text, tags=(WORDS[number % 5],))
        if number % 20 == 0:
            bring_up_to_date()
    bring_up_to_date()
    expected = {word: ask(word) for word in WORDS}
    backend().store.forget()
    orders = [random.Random(seed).choices(WORDS, k=25) for seed in range(6)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda order: [ask(word) == expected[word] for word in order], orders))
    assert all(all(right) for right in answers)


def test_searches_in_the_middle_of_commits_meet_no_error_and_no_half_of_one():
    article = make_article("Ferry 0")
    bring_up_to_date()
    done = threading.Event()
    answers: list[int] = []

    def search_on() -> None:
        while not done.is_set():
            answers.append(SearchQuerySet().filter(content="ferry").count())

    with ThreadPoolExecutor(2) as threads:
        searching = [threads.submit(search_on) for _ in range(2)]
        try:
            for number in range(40):
                Article.objects.filter(pk=article.pk).update(title=f"Ferry {number}")
                bring_up_to_date()
            search.rebuild()
        finally:
            done.set()
    assert [one.exception() for one in searching] == [None, None]
    assert set(answers) == {1}


def test_open_files_do_not_pile_up():
    article = make_article("Ferry")
    held = []
    for number in range(40):
        Article.objects.filter(pk=article.pk).update(title=f"Ferry {number}")
        bring_up_to_date()
        assert SearchQuerySet().filter(content="ferry").count() == 1
        held.append(len(os.listdir("/dev/fd")))
    assert max(held[20:]) <= max(held[:20])
