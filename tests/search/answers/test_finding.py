"""Questions and their answers, through the whole room."""

from __future__ import annotations

from unittest.mock import Mock

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import search
from articles.forms import SearchForm
from articles.models import Article, Image, IndexBacklog, NameRing, Tag
from articles.records import Status
from articles.search import FACETS, LineSort, Question, Sort, asking, find, similar
from articles.search.answers import cards, database
from articles.search.answers.database import MOST, TOO_MANY
from articles.search.answers.page import OFFERED
from articles.search.asking import WITHOUT_RINGS
from articles.search.engine.asking.limits import Limits
from articles.search.engine.errors import IndexMissing
from tests.makers import file_under, make_article
from tests.search.grammar.test_grammar import ABUSE
from tests.search.indexes import backend, bring_up_to_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("index_path")]


def found(text: str = "", **asked) -> set[str]:
    page = find(Question(text, **asked))
    assert not page.degraded, page.notes
    assert page.total == len(page.hits)
    return {hit.article.title for hit in page.hits}


def counts(page, facet: str) -> dict[str, int]:
    return {value.value: value.count for value in page.facets.get(facet, ())}


@pytest.fixture
def papers(index_path):
    make_article(
        "Flood in Sha'abi",
        text="The river rose above the quay.\n\nNews that comes late: to be or not to be.",
        date="1923-05-30",
        source="The Harbour Gazette",
        sections=("Local news",),
        tags=("New York, NY", "flood"),
        authors=("Anne Miller",),
        language="en",
    )
    make_article(
        "Café burned",
        text="A well-known café on the quay burned. The U.S. consul came.",
        date="1923-06",
        source="The Harbour Gazette",
        tags=("fire", "New York, NY"),
        authors=("Miller Smith", "Jane Running"),
        language="en",
        dateline="Ferrydale",
        kicker="Calamity",
    )
    make_article("أحمد في المكتبة", text="وصل أحمد إلى مكتبة المدينة.", date="2017-05-30T18:45", language="ar")
    make_article("中国的桥", text="我爱中国人民。", language="zh", sections=("World",))
    bring_up_to_date()


FINDS = [
    ("river", {"Flood in Sha'abi"}),
    ("quay", {"Flood in Sha'abi", "Café burned"}),
    ("quay -river", {"Café burned"}),
    ("quay NOT (river OR storm)", {"Café burned"}),
    ("river OR consul", {"Flood in Sha'abi", "Café burned"}),
    ("river consul", set()),
    ("Shaabi", {"Flood in Sha'abi"}),
    ("Sha’abi", {"Flood in Sha'abi"}),
    ("cafe", {"Café burned"}),
    ("CAFÉS", {"Café burned"}),
    ('"to be or not to be"', {"Flood in Sha'abi"}),
    ('"news comes"', set()),
    ('"news that comes"', {"Flood in Sha'abi"}),
    ("well-known", {"Café burned"}),
    ("wellknown", {"Café burned"}),
    ("U.S.", {"Café burned"}),
    ("a", {"Café burned"}),
    ("title:quay", set()),
    ("title:flood", {"Flood in Sha'abi"}),
    ("body:flood", set()),
    ('title:"flood in"', {"Flood in Sha'abi"}),
    ("ferrydale calamity", {"Café burned"}),
    ('tag:"New York, NY"', {"Flood in Sha'abi", "Café burned"}),
    ('tag:"new york ny"', {"Flood in Sha'abi", "Café burned"}),
    ('tag:"New York"', set()),
    ("tag:York", {"Flood in Sha'abi", "Café burned"}),
    ("tag:flood", {"Flood in Sha'abi"}),
    ("-tag:flood gazette", {"Café burned"}),
    ("by:Miller", {"Flood in Sha'abi", "Café burned"}),
    ('by:"Anne Miller"', {"Flood in Sha'abi"}),
    ('author:"Miller"', set()),
    ("Running", {"Café burned"}),
    ("section:local", {"Flood in Sha'abi"}),
    ("source:harbour consul", {"Café burned"}),
    ("date:1923", {"Flood in Sha'abi", "Café burned"}),
    ("date:1923-05", {"Flood in Sha'abi"}),
    ("date:1923-05-30..1923-06-01", {"Flood in Sha'abi", "Café burned"}),
    ("before:1924 after:1923-05", {"Café burned"}),
    ("after:2017-05-29", {"أحمد في المكتبة"}),
    ("احمد", {"أحمد في المكتبة"}),
    ("مكتبه", {"أحمد في المكتبة"}),
    ("国", {"中国的桥"}),
    ("中国人民", {"中国的桥"}),
    ("人国", set()),
    ("-quay", {"أحمد في المكتبة", "中国的桥"}),
    ("quay " * 30, {"Flood in Sha'abi", "Café burned"}),
]


@pytest.mark.usefixtures("papers")
def test_what_is_typed_finds_what_it_should():
    for typed, expected in FINDS:
        assert found(typed) == expected, typed


@pytest.mark.usefixtures("papers")
def test_filters_narrow_by_exact_values():
    assert found(filters=(("tag", "new-york-ny"),)) == {"Flood in Sha'abi", "Café burned"}
    assert found(filters=(("tag", "fire"), ("tag", "new-york-ny"))) == {"Café burned"}
    assert found("quay", filters=(("author", "anne-miller"),)) == {"Flood in Sha'abi"}
    assert found(filters=(("language", "ar"),)) == {"أحمد في المكتبة"}
    assert found(filters=(("year", "1923"),)) == {"Flood in Sha'abi", "Café burned"}
    assert found(filters=(("known", "unknown"),)) == {"中国的桥"}
    assert found(filters=(("source", "the-harbour-gazette"), ("section", "world"))) == set()
    assert found(since="1923-06", until="2016") == {"Café burned"}
    assert found(since="2016", until="1923-06") == {"Café burned"}


@pytest.mark.usefixtures("papers")
def test_facets_count_whole_values_of_all_matches_and_lead_to_them():
    page = find(Question("quay", size=1))
    assert counts(page, "tag") == {"new-york-ny": 2, "fire": 1, "flood": 1}
    assert counts(page, "author") == {"anne-miller": 1, "jane-running": 1, "miller-smith": 1}
    assert counts(page, "year") == {"1923": 2}
    assert counts(page, "known") == {"printed": 2}
    assert [value.name for value in page.facets["tag"]] == ["New York, NY", "fire", "flood"]
    assert [value.name for value in page.facets["language"]] == ["English"]
    first = page.facets["tag"][0]
    assert first.url == "/search/?q=quay&tag=new-york-ny"
    narrowed = find(page.question.narrowed("tag", "flood"))
    assert narrowed.total == 1
    assert [(value.value, value.active) for value in narrowed.facets["tag"]] == [
        ("flood", True),
        ("new-york-ny", False),
    ]
    assert narrowed.facets["tag"][0].url == "/search/?q=quay"
    assert tuple(page.facets) == tuple(facet for facet in FACETS if facet in page.facets)


def clicked(url: str) -> int:
    """How many articles a link of a page gives."""
    return find(SearchForm(QueryDict(url.partition("?")[2])).question()).total


ASKED = [
    Question("quay"),
    Question("-quay"),
    Question("the OR 中"),
    Question(filters=(("year", "1923"),)),
    Question(filters=(("year", "1923"), ("year", "2017"))),
    Question(filters=(("tag", "fire"), ("tag", "new-york-ny"))),
    Question("quay", excluded=(("tag", "fire"),)),
    Question("quay", excluded=(("tag", "fire"), ("tag", "flood"), ("language", "en"))),
    Question(filters=(("language", "ar"),), excluded=(("language", "zh"), ("source", "the-harbour-gazette"))),
    Question(excluded=(("known", "unknown"),), since="1900"),
]


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("degraded", [False, True], ids=["index", "database"])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_every_count_is_exactly_what_a_click_gives(asked, degraded, monkeypatch):
    if degraded:
        monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    page = find(asked)
    assert page.degraded == degraded
    seen = 0
    for values in page.facets.values():
        for value in values:
            gives = clicked(value.url)
            assert value.active or gives == value.count + page.total * value.adds, value
            if value.without and not value.active and not value.adds:
                assert clicked(value.without) == page.total - value.count, value
            seen += 1
    assert seen


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("asked", [asked for asked in ASKED if asked.text], ids=str)
def test_the_database_looks_through_the_texts_once_for_a_page(asked, monkeypatch):
    monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    asked = asked.with_(filters=(*asked.filters, ("source", "the-harbour-gazette")))
    with CaptureQueriesContext(connection) as queries:
        page = find(asked)
    assert page.facets["source"]
    assert sum("LIKE" in query["sql"] for query in queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert search.walk(asked, faceted=True).facets == page.facets
    assert sum("LIKE" in query["sql"] for query in queries) == 1


@pytest.mark.usefixtures("papers")
def test_of_too_many_articles_the_database_gives_hits_and_their_number_alone_and_says_so(monkeypatch):
    monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    asked = Question("quay", filters=(("tag", "new-york-ny"),), size=1)
    assert find(asked).chart
    assert find(asked).facets
    monkeypatch.setattr(database, "MOST", 1)
    with CaptureQueriesContext(connection) as queries:
        page = find(asked)
    assert (page.total, len(page.hits), page.facets, page.more, page.chart) == (2, 1, {}, {}, None)
    assert TOO_MANY % {"number": f"{MOST:,}"} in page.notes
    assert search.walk(asked, faceted=True).facets == {}
    assert any("New York, NY" in str(chip) for chip in page.chips)
    assert sum("LIKE" in query["sql"] for query in queries) == 3
    assert find(Question(filters=asked.filters)).facets


@pytest.mark.parametrize("sort", list(Sort))
def test_the_database_has_the_same_order_however_many_it_finds(sort, monkeypatch):
    for number in range(9):
        make_article(f"Ferry {number}", date=("", "1923", "1923-05-30")[number % 3])
    monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    shown = [[hit.article.pk for hit in find(Question("ferry", sort, page, size=5)).hits] for page in (1, 2)]
    monkeypatch.setattr(database, "MOST", 1)
    assert shown == [[hit.article.pk for hit in find(Question("ferry", sort, page, size=5)).hits] for page in (1, 2)]


@pytest.mark.parametrize("degraded", [False, True], ids=["index", "database"])
@pytest.mark.parametrize("bars", ["year", "month", "day"])
def test_every_bar_has_exactly_what_a_click_gives_and_of_what_is_held_no_more_than_is_asked_for(
    bars, degraded, monkeypatch
):
    for date in ("1968-05-19", "1968-05-20T10:00", "1968-05-20T23:00", "1968-05-30", "1968-06", "1969", "1969-02-03"):
        make_article("Ferry", date=date)
        make_article("Quay", date=date)
    bring_up_to_date()
    if degraded:
        monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    for asked in (
        Question("ferry", bars=bars, since="1968-05-20", until="1969-01-31"),
        Question("ferry", bars=bars, since="1968-05-20T12:00", until="1968-06-30T12:00"),
        Question("ferry", bars=bars, sort=Sort.NEWEST),
    ):
        page = find(asked)
        assert page.chart or bars == "year"
        for bar in page.chart.bars if page.chart else ():
            assert clicked(bar.url) == bar.hits
            assert bar.held == 2 * bar.hits


@pytest.mark.usefixtures("papers")
def test_values_of_which_an_article_has_one_are_added_and_others_narrow_further():
    assert found(filters=(("year", "1923"), ("year", "2017"))) == {"Flood in Sha'abi", "Café burned", "أحمد في المكتبة"}
    assert found(filters=(("tag", "fire"), ("tag", "flood"))) == set()


@pytest.mark.usefixtures("papers")
def test_what_is_excluded_is_left_out_and_what_has_no_value_stays():
    assert found(excluded=(("source", "the-harbour-gazette"),)) == {"أحمد في المكتبة", "中国的桥"}
    assert found("quay", excluded=(("tag", "flood"),)) == {"Café burned"}


def test_of_a_facet_with_many_values_some_are_shown_and_the_others_on_demand():
    make_article("Ferry", tags=tuple(f"tag {number}" for number in range(20)))
    bring_up_to_date()
    page = find(Question("ferry"))
    assert len(page.facets["tag"]) == OFFERED
    assert page.more == {"tag": "/search/?q=ferry&more=tag"}
    opened = find(Question("ferry", more="tag"))
    assert len(opened.facets["tag"]) == 20
    assert opened.more == {"tag": "/search/?q=ferry"}


def test_an_unknown_value_is_shown_so_that_it_can_be_taken_away():
    make_article("Ferry")
    bring_up_to_date()
    page = find(Question("ferry", filters=(("tag", "no-such-tag"),)))
    assert page.total == 0
    assert [(value.name, value.count, value.url, value.active) for value in page.facets["tag"]] == [
        ("no-such-tag", 0, "/search/?q=ferry", True)
    ]


def test_printings_of_one_story_are_one_result_unless_they_are_asked_for_apart():
    numbers = [make_article(f"Ferry {number}", tags=("sea",)).pk for number in range(5)]
    Article.objects.filter(pk__in=numbers[:3]).update(story=numbers[0])
    bring_up_to_date()
    page = find(Question("ferry", size=2))
    assert (page.total, page.listed, page.pages) == (5, 3, 2)
    assert page.facets["tag"][0].count == 5
    deep = find(Question("ferry", size=2, page=2))
    shown = [hit.article.story or hit.article.pk for hit in (*page.hits, *deep.hits)]
    assert sorted(shown) == [numbers[0], *numbers[3:]]
    apart = find(Question("ferry", apart=True))
    assert (apart.total, apart.listed, len(apart.hits)) == (5, 5, 5)


@pytest.fixture
def heavy_ring(monkeypatch) -> Article:
    """An article that "ferry" finds, and a ring of that name that is too much for a question."""
    article = make_article("The ferry Patience")
    NameRing.objects.create(names="\n".join(("ferry", "packet", "sloop", "lighter", "barge")))
    bring_up_to_date()
    monkeypatch.setattr(backend(), "limits", Limits(words=20))
    return article


def test_a_ring_that_is_too_much_for_a_question_is_left_out_and_told(heavy_ring):
    page = find(Question("ferry"))
    assert (page.total, page.also) == (1, ())
    assert WITHOUT_RINGS in page.notes
    assert find(Question(" ".join(f"word{number}" for number in range(40)))).refused


def test_whatever_else_answers_leaves_out_such_a_ring_as_well_and_says_so(heavy_ring, client):
    question = Question("ferry")
    walk = search.walk(question)
    assert (walk.count, walk.refused) == (1, "")
    assert WITHOUT_RINGS in walk.notes
    assert search.totals([question]) == [1]
    for lines in (LineSort.ARTICLES, LineSort.LEFT):
        found = search.concordance(question.with_(lines=lines))
        assert found.total == 1
        assert WITHOUT_RINGS in found.notes
    why = search.why(question, heavy_ring)
    assert why.found
    assert why.note == WITHOUT_RINGS
    page = client.get(f"/search/why/{heavy_ring.pk}/?q=ferry").content.decode()
    assert str(WITHOUT_RINGS) in page
    assert 'class="reasons"' in page
    assert client.get("/search.csv?q=ferry").status_code == 200


@pytest.mark.parametrize("sort", list(Sort))
def test_every_page_to_the_last_shows_each_result_once(sort):
    for number in range(23):
        make_article(f"Ferry {number}", text="ferry " * (number % 4 + 1), date="1923-05-30" if number % 3 else "")
    bring_up_to_date()
    pages = [find(Question("ferry", sort, page, size=5)) for page in range(1, 6)]
    shown = [hit.article.pk for page in pages for hit in page.hits]
    assert len(shown) == len(set(shown)) == pages[0].total == 23
    beyond = find(Question("ferry", sort, 99, size=5))
    assert [hit.article.pk for hit in beyond.hits] == shown[20:]


def test_names_of_a_ring_are_looked_for_until_they_are_left_out_or_words_are_to_be_exact():
    make_article("The ferry Patience")
    make_article("The packet Patience")
    NameRing.objects.create(names="ferry\npacket")
    bring_up_to_date()
    page = find(Question("ferry"))
    assert page.total == 2
    assert [(also.name, [link.name for link in also.others]) for also in page.also] == [("ferry", ["packet"])]
    assert clicked(page.also[0].others[0].url) == 1
    assert found("ferry", exact=True) == {"The ferry Patience"}


def test_a_word_in_the_title_counts_more_than_in_a_caption_and_there_more_than_in_the_text():
    text = "Nothing of note happened here today, the harbour was calm. "
    make_article("In the text", text=text * 3 + "A ferry.", date="2020")
    captioned = make_article("In a caption", text=text * 3, date="2019")
    Image.objects.create(article=captioned, caption="A ferry.")
    make_article("A ferry", text=text * 3, date="2018")
    for number in range(5):
        make_article(f"Other {number}", text=text * 3)
    bring_up_to_date()
    assert [hit.article.title for hit in find(Question("ferry")).hits] == ["A ferry", "In a caption", "In the text"]
    assert found("caption:ferry") == {"In a caption"}


def test_a_word_that_stands_as_it_was_typed_counts_more():
    for title in ("Flood", "Floods", "Flooded"):
        make_article(title, text="Of the river.", language="en")
    bring_up_to_date()
    for title in ("Flood", "Floods", "Flooded"):
        hits = find(Question(title.lower())).hits
        assert (len(hits), hits[0].article.title) == (3, title)


def test_endings_come_off_as_the_language_of_an_article_has_them():
    make_article("Les inondations", language="fr")
    make_article("Die Häuser", language="de")
    make_article("Floods", language="en")
    bring_up_to_date()
    assert found("inondation") == {"Les inondations"}
    assert found("haus") == {"Die Häuser"}
    assert found("flooding") == {"Floods"}
    assert "<mark>inondations</mark>" in find(Question("inondation")).hits[0].title


def test_a_rarer_word_counts_more():
    make_article("Rare", text="comet water")
    make_article("Common", text="ferry water")
    for _ in range(8):
        make_article(text="ferry")
    bring_up_to_date()
    assert find(Question("comet OR ferry")).hits[0].article.title == "Rare"


def test_a_changed_a_withheld_and_a_deleted_article_are_found_as_they_are_now():
    changed, withheld, deleted = make_article("One ferry"), make_article("Two ferry"), make_article("Three ferry")
    bring_up_to_date()
    Article.objects.filter(pk=changed.pk).update(title="One bridge")
    Article.objects.filter(pk=withheld.pk).update(status=Status.WITHHELD)
    deleted.delete()
    bring_up_to_date()
    assert found("ferry") == set()
    assert found("bridge") == {"One bridge"}
    Article.objects.filter(pk=withheld.pk).update(status=Status.PUBLISHED)
    bring_up_to_date()
    assert found("ferry") == {"Two ferry"}
    assert backend().store.snapshot().documents == 2


def test_a_renamed_tag_is_found_by_its_new_name():
    make_article("Ice", tags=("frost",))
    bring_up_to_date()
    Tag.objects.filter(name="frost").update(name="great cold")
    bring_up_to_date()
    assert found("tag:cold") == {"Ice"}
    assert found("tag:frost") == set()


def test_what_is_not_published_is_never_found_though_the_index_still_has_it():
    articles = [make_article(f"Ferry {number}", tags=("sea",)) for number in range(7)]
    bring_up_to_date()
    for article, status in zip(articles, (Status.WITHHELD, Status.DRAFT), strict=False):
        Article.objects.filter(pk=article.pk).update(status=status)
    articles[2].delete()
    for page in (find(Question("ferry", size=3)), find(Question("ferry", size=3, page=2))):
        assert page.total == 4
        assert counts(page, "tag") == {"sea": 4}
    assert [len(find(Question("ferry", size=3, page=number)).hits) for number in (1, 2)] == [3, 1]


def test_an_index_that_is_behind_without_anyone_knowing_is_corrected_and_told_to_the_indexer():
    gone, kept = make_article("Ferry gone"), make_article("Ferry kept")
    bring_up_to_date()
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHHELD)
    IndexBacklog.objects.all().delete()
    page = find(Question("ferry"))
    assert [hit.article for hit in page.hits] == [kept]
    assert page.total == 1
    assert list(IndexBacklog.objects.values_list("article_id", flat=True)) == [gone.pk]
    bring_up_to_date()
    assert find(Question("ferry")).total == 1
    assert not IndexBacklog.objects.exists()


def test_an_open_question_lists_everything_with_the_counts_of_the_archive():
    make_article("Old", date="1911", tags=("sea",), source="The Harbour Gazette")
    make_article("New", date="2020", tags=("sea",))
    make_article("Undated")
    make_article("Draft", status=Status.DRAFT)
    bring_up_to_date()
    for page in (find(Question()), find(Question("?!"))):
        assert [hit.article.title for hit in page.hits] == ["New", "Old", "Undated"]
        assert page.total == 3
        assert counts(page, "tag") == {"sea": 2}
        assert counts(page, "year") == {"2020": 1, "1911": 1}
        assert not page.degraded
    assert [hit.article.title for hit in find(Question(sort=Sort.OLDEST)).hits] == ["Old", "New", "Undated"]
    assert any("no word" in note for note in find(Question("?!")).notes)


def test_hits_show_the_words_that_were_looked_for_and_markup_stays_text():
    make_article('<script>alert("x")</script> ferry', text="The <b>ferry</b> & the <img src=x onerror=alert(1)> quay.")
    bring_up_to_date()
    hit = find(Question('ferry <script> "quay"')).hits[0]
    assert "<mark>script</mark>" in hit.title
    assert "<mark>ferry</mark>" in hit.snippet
    for shown in (hit.title, hit.snippet):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "<b>" not in shown


def test_the_texts_of_a_page_share_what_is_looked_at_for_passages(monkeypatch):
    for number in range(2):
        make_article(f"Ferry {number}", text="quay " * 100 + "ferry")
    bring_up_to_date()
    assert all("<mark>" in hit.snippet for hit in find(Question("ferry")).hits)
    monkeypatch.setattr("articles.search.passages.snippets.OF_PAGE", 600)
    assert not any("<mark>" in hit.snippet for hit in find(Question("ferry")).hits)
    assert all("<mark>" in hit.snippet for hit in find(Question("ferry", size=1)).hits)


def test_likeness_is_told_by_content_and_only_among_the_published():
    text = "The comet passed over the observatory while astronomers measured its tail with a telescope."
    first = make_article("Comet seen", text=text)
    second = make_article("Astronomers measure the comet", text=text + " It was bright.")
    hidden = make_article("The comet again", text=text)
    for number in range(12):
        make_article(f"Council {number}", text="The council met and discussed the drains of the town.")
    bring_up_to_date()
    Article.objects.filter(pk=hidden.pk).update(status=Status.WITHHELD)
    assert similar(first) == [second]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        similar(first)
    assert len(queries) == 1
    assert similar(make_article("Unheard", text="Xylophone zither")) == []


def test_nothing_is_similar_while_the_index_is_away():
    assert similar(make_article("Comet seen")) == []


def test_the_number_of_queries_does_not_grow_with_the_hits():
    def queries(size: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(find(Question("ferry", size=size)).hits) == size
        return len(captured)

    for number in range(12):
        article = make_article(f"Ferry {number}", source=f"Paper {number}", tags=(f"tag {number}",), authors=("A", "B"))
        Image.objects.create(article=article, caption="A ferry")
    bring_up_to_date()
    assert queries(1) == queries(12) <= 9


def test_every_word_of_an_article_finds_it():
    text = (
        "On 3 May the Mayor's well-known e-mail (no. 17/B) said: “We won't, can't & shan't!” O'Brien paid £1,250.50 — "
        "naïve coöperation at 10:30 p.m.; see www.example.org/a_b?c=1. L’été à Łódź, Straße № 5. C++ and C#. "
        "أهلاً وسهلاً بكم ١٢٣. 中国人民 iPhone手机. Ёлка. ไทย. X."
    )
    make_article("All of it", text=text)
    make_article("Other", text="Nothing.")
    bring_up_to_date()
    for word in text.split():
        if any(sign.isalnum() for sign in word):
            assert "All of it" in found(f'"{word}"'), word


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=60))
def test_any_text_at_all_is_indexed_and_found_by_its_words(text):
    text = text.replace("\x00", "").replace('"', "")
    article = make_article("Any", text=text)
    bring_up_to_date()
    for word in text.split():
        page = find(Question(f'"{word}"', size=1000))
        assert not page.degraded
        assert any(hit.article == article for hit in page.hits)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
@pytest.mark.usefixtures("papers")
def test_nothing_typed_is_an_error(typed):
    page = find(Question(typed))
    assert not page.degraded
    assert page.total >= len(page.hits)


@pytest.mark.usefixtures("papers")
def test_abuse_is_answered_within_the_time_that_a_search_may_take():
    for typed in ABUSE:
        assert not find(Question(typed)).degraded, typed


def test_a_search_that_takes_too_long_is_stopped_and_says_so(monkeypatch):
    make_article("Ferry")
    bring_up_to_date()
    monkeypatch.setattr(backend(), "limits", Limits(seconds=-1.0))
    page = find(Question("ferry"))
    assert page.refused
    assert any("longer than" in note for note in page.notes)


def test_filing_an_article_anew_is_found():
    article = make_article("Ferry")
    bring_up_to_date()
    file_under(article, tags=("sea",), authors=("Anne Miller",))
    bring_up_to_date()
    assert found("tag:sea by:anne") == {"Ferry"}


@pytest.mark.usefixtures("papers")
@pytest.mark.parametrize("asked", [asked for asked in ASKED if asked.text], ids=str)
def test_the_database_counts_the_same_however_many_links_it_reads_at_once(asked, monkeypatch):
    monkeypatch.setattr(asking.Asker, "find", Mock(side_effect=IndexMissing("away")))
    facets = find(asked).facets
    monkeypatch.setattr(cards, "AT_ONCE", 2)
    assert find(asked).facets == facets != {}


@pytest.mark.usefixtures("papers")
def test_past_the_last_page_a_note_tells():
    assert find(Question("flood", page=99)).notes == ("There is no page 99; this is the last.",)


def test_a_language_is_shown_by_its_name():
    make_article("雪", text="雪", language="zh")
    make_article("Schnee", text="Schnee", language="de")
    bring_up_to_date()
    assert {value.name for value in find(Question()).facets["language"]} == {"Chinese", "German"}


def test_years_are_in_their_order_unless_some_are_left_out():
    for year in (1923, 1930, 1930, *range(1950, 1957)):
        make_article(f"Ice {year} {Article.objects.count()}", date=str(year))
    bring_up_to_date()
    assert [value.value for value in find(Question("ice")).facets["year"]][:3] == ["1930", "1923", "1950"]
    assert [value.value for value in find(Question("ice", more="year")).facets["year"]][:2] == ["1956", "1955"]
