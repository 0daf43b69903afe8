"""What Haystack promises of a search engine, as tests that any engine of it must pass.

A subclass says in `connection` how the engine is reached. Where an engine has a name of its own for something, or does
not have it at all by Haystack's own word, it says so in the attributes at the head of `SearchContract`.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from haystack import connections
from haystack.backends import SQ
from haystack.forms import FacetedSearchForm
from haystack.inputs import AutoQuery, Clean, Exact
from haystack.models import SearchResult
from haystack.query import SearchQuerySet
from haystack.utils import get_identifier
from haystack.utils.loading import UnifiedIndex

from articles.models import Article, Section

from .contract_samples import COMETS, EVERYONE, FERRIES, JANES, LOOKUPS, ODD, SectionIndex, StoryIndex, make_cast
from .makers import make_article


class SearchContract:
    # What tells an engine which marks to put around a highlighted word.
    marks: dict[str, Any] = {"pre_tags": ["<b>"], "post_tags": ["</b>"]}
    # Haystack passes stats to some of its engines only.
    has_stats = True

    def connection(self, folder: Path) -> dict[str, Any]:
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def cast(self, db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
        self.articles = make_cast()
        options = {"SILENTLY_FAIL": False, "INCLUDE_SPELLING": True} | self.connection(tmp_path / "index")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(UnifiedIndex, "collect_indexes", lambda unified: [StoryIndex(), SectionIndex()])
            patch.setitem(settings.HAYSTACK_CONNECTIONS, "default", options)
            self.backend = connections.reload("default").get_backend()
            self.backend.clear()
            self.update(*self.articles.values())
            yield
            self.backend.clear()
        # The next test gets its engine anew.
        connections.thread_local.connections.clear()

    def update(self, *objects: Any) -> None:
        kinds = connections["default"].get_unified_index()
        for model in {type(item) for item in objects}:
            self.backend.update(kinds.get_index(model), [item for item in objects if type(item) is model])

    def names(self, results: Any) -> list[str]:
        """The cast by its names; whoever is not of it by its title."""
        known = {get_identifier(article): name for name, article in self.articles.items()}
        return [known.get(result.id) or str(result.object) for result in results]

    def found(self, *conditions: Any, **lookups: Any) -> set[str]:
        asked = SearchQuerySet().filter(*conditions, **lookups)
        names = self.names(asked[:100])
        assert len(names) == len(set(names)) == asked.count()
        return set(names)

    def add_stories(self, number: int) -> None:
        self.update(*[make_article(f"Council {at}", text="The council met. " * (at % 4 + 1)) for at in range(number)])

    # Conditions

    @pytest.mark.parametrize(("condition", "expected"), LOOKUPS.values(), ids=LOOKUPS)
    def test_a_condition_finds_what_it_describes(self, condition: SQ, expected: set[str]):
        assert self.found(condition) == expected
        assert set(self.names(SearchQuerySet().exclude(condition)[:100])) == EVERYONE - expected

    def test_conditions_that_follow_each_other_must_all_hold(self):
        asked = SearchQuerySet().filter(content="ferry").exclude(title="ice").filter_and(author="jane")
        assert set(self.names(asked)) == {"ferry", "storm"}
        assert set(self.names(asked.filter_or(title="returns"))) == JANES

    def test_querysets_can_be_joined(self):
        comet, jane = SearchQuerySet().filter(content="comet"), SearchQuerySet().filter(author="jane")
        assert set(self.names(comet & jane)) == {"return"}
        assert set(self.names(comet | jane)) == COMETS | JANES

    def test_articles_are_found_by_their_keys(self):
        keys = [str(self.articles[name].pk) for name in ("ice", "comet")]
        assert self.found(django_id__in=keys) == {"ice", "comet"}
        assert self.found(id=get_identifier(self.articles["ice"])) == {"ice"}

    @pytest.mark.parametrize("typed", ODD)
    def test_signs_that_are_typed_are_no_commands_and_no_errors(self, typed: str):
        for value in (typed, Clean(typed), Exact(typed), AutoQuery(typed)):
            assert SearchQuerySet().filter(content=value).count() <= 5
        assert "ice" not in self.found(author_exact=typed)

    def test_all_is_all_and_none_is_none(self):
        assert set(self.names(SearchQuerySet().all())) == set(self.names(SearchQuerySet())) == EVERYONE
        assert len(SearchQuerySet().all()) == SearchQuerySet().count() == 5
        assert list(SearchQuerySet().none()) == []

    def test_a_typed_question_can_be_asked_of_one_field(self):
        assert set(self.names(SearchQuerySet().auto_query("storm -quay", fieldname="text"))) == set()
        assert set(self.names(SearchQuerySet().auto_query("storm", fieldname="title"))) == {"storm"}
        assert set(self.names(SearchQuerySet().raw_search("title:storm"))) == {"storm"}
        assert set(self.names(SearchQuerySet().autocomplete(beginning="com ret"))) == {"return"}

    # Scores and order

    def test_what_matches_better_comes_first(self):
        assert self.names(SearchQuerySet().filter(content="storm"))[0] == "storm"
        assert self.names([SearchQuerySet().filter(content="storm").best_match()]) == ["storm"]
        scores = [result.score for result in SearchQuerySet().filter(content="storm")]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > scores[-1] > 0

    def test_a_boosted_word_lifts_what_has_it_and_drops_nothing(self):
        asked = SearchQuerySet().filter(SQ(content="storm") | SQ(content="river"))
        assert self.names(asked)[0] == "storm"
        lifted = asked.boost("froze", 20.0)
        assert self.names(lifted)[0] == "ice"
        assert set(self.names(lifted)) == {"ferry", "storm", "ice"}

    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            (("published",), ["ferry", "storm", "ice", "comet", "return"]),
            (("-published",), ["comet", "ice", "storm", "ferry", "return"]),
            (("words", "-rating", "published"), ["comet", "ferry", "ice", "storm", "return"]),
            (("author_exact", "-words"), ["ice", "comet", "ferry", "return", "storm"]),
            (("-rating", "published"), ["return", "ferry", "ice", "storm", "comet"]),
            (("front", "-published"), ["ice", "storm", "return", "comet", "ferry"]),
        ],
    )
    def test_an_order_has_any_number_of_keys_in_either_direction_and_the_undated_are_last(self, order, expected):
        assert self.names(SearchQuerySet().order_by(*order)) == expected

    def test_the_latest_is_told_by_a_date(self):
        assert self.names([SearchQuerySet().filter(content="ferry").latest("published")]) == ["ice"]

    # Windows

    def test_a_slice_is_exactly_that_slice_and_iteration_meets_everything_once(self):
        self.add_stories(30)
        asked = SearchQuerySet().order_by("id")
        whole = [result.id for result in asked.all()]
        assert len(whole) == len(set(whole)) == 35
        for start, stop in ((0, 10), (15, 25), (7, 8), (30, 50), (34, 35), (40, 50), (0, None), (20, None)):
            assert [result.id for result in asked.all()[start:stop]] == whole[start:stop], (start, stop)
        assert asked.all()[17].id == whole[17]

    def test_windows_of_a_scored_answer_are_the_answer(self):
        self.add_stories(30)
        asked = SearchQuerySet().filter(content="council")
        whole = [result.id for result in asked.all()[:100]]
        assert len(set(whole)) == 30
        for size in (4, 7, 10):
            pages = [[result.id for result in asked.all()[start : start + size]] for start in range(0, 30, size)]
            assert [key for page in pages for key in page] == whole

    # Values

    def test_values_are_those_of_the_objects_with_their_types(self):
        asked = SearchQuerySet().filter(title="storm")
        pk = self.articles["storm"].pk
        assert [(str(key), title) for key, title in asked.values_list("pk", "title")] == [
            (str(pk), "Storm over the quay")
        ]
        assert list(asked.values_list("author", flat=True)) == ["Jane Smith"]
        [values] = asked.values("words", "rating", "front", "tags", "published")
        assert values["words"] == 12
        assert values["rating"] == 3.5
        assert values["front"] is False
        assert list(values["tags"]) == ["storms"]
        assert values["published"].replace(tzinfo=None) == dt.datetime(1911, 5, 20)

    def test_a_value_with_a_comma_is_one_value(self):
        assert list(SearchQuerySet().filter(title="ferry").values_list("tags", flat=True)) == [
            ["harbour", "New York, NY"]
        ]

    def test_a_result_has_what_its_index_stores(self):
        [result] = SearchQuerySet().filter(title="storm")
        assert (result.title, result.author, result.words) == ("Storm over the quay", "Jane Smith", 12)
        assert (result.model, result.app_label, result.model_name) == (Article, "articles", "article")
        assert result.object == self.articles["storm"]

    def test_objects_and_values_cost_a_number_of_queries_that_does_not_grow(self):
        def queries(ask: Any) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert len(ask()) == 5
            return len(captured)

        assert queries(lambda: [result.object.title for result in SearchQuerySet().load_all()]) <= 5
        assert queries(lambda: list(SearchQuerySet().values_list("title", flat=True))) <= 3
        assert queries(lambda: list(SearchQuerySet().values_list("pk", flat=True))) == 0

    def test_results_can_be_of_a_class_of_ones_own(self):
        class Result(SearchResult):
            pass

        assert {type(result) for result in SearchQuerySet().result_class(Result)} == {Result}
        assert {type(result) for result in SearchQuerySet().result_class(Result).result_class(None)} == {SearchResult}

    def test_a_search_can_be_kept_and_taken_up_again(self):
        asked = SearchQuerySet().filter(content="ferry").order_by("published").facet("author")
        kept = pickle.loads(pickle.dumps(asked))
        assert self.names(kept) == self.names(asked) == ["ferry", "storm", "ice"]
        assert self.names(kept.filter(author="anne")) == ["ice"]
        results = pickle.loads(pickle.dumps(list(asked)))
        assert self.names(results) == ["ferry", "storm", "ice"]

    # Models

    def test_a_search_can_be_of_one_model(self):
        self.update(Section.objects.create(name="The ferry section"))
        assert SearchQuerySet().filter(content="ferry").count() == 4
        assert set(self.names(SearchQuerySet().models(Article).filter(content="ferry"))) == FERRIES
        assert self.names(SearchQuerySet().models(Section)) == ["The ferry section"]
        assert SearchQuerySet().models(Article, Section).count() == 6
        assert self.names(SearchQuerySet().models(Section).load_all()) == ["The ferry section"]

    # Facets

    def test_facets_count_whole_values_of_everything_that_is_found(self):
        asked = SearchQuerySet().filter(author="jane").facet("author").facet("tags")
        counts = asked[:1] and asked.facet_counts()["fields"]
        assert dict(counts["author"]) == {"Jane Smith": 2, "Jane Running": 1}
        assert dict(counts["tags"]) == {"New York, NY": 2, "harbour": 1, "storms": 1, "sky": 1}
        assert counts["author"][0] == ("Jane Smith", 2)
        assert dict(SearchQuerySet().facet("author").facet_counts()["fields"]["author"])["Anne Miller"] == 2

    def test_facets_can_be_limited(self):
        fewest = SearchQuerySet().facet("tags", mincount=2).facet_counts()["fields"]["tags"]
        assert dict(fewest) == {"New York, NY": 2, "harbour": 2, "sky": 2}
        assert len(SearchQuerySet().facet("tags", limit=2).facet_counts()["fields"]["tags"]) == 2

    def test_dates_are_counted_by_gaps(self):
        def counted(gap: str, start: dt.date, end: dt.date, amount: int = 1) -> dict[Any, int]:
            asked = SearchQuerySet().date_facet("published", start, end, gap, amount)
            return {when: count for when, count in asked.facet_counts()["dates"]["published"] if count}

        start, end = dt.date(1911, 1, 1), dt.date(1924, 1, 1)
        assert counted("year", start, end) == {dt.datetime(1911, 1, 1): 2, dt.datetime(1923, 1, 1): 2}
        assert counted("year", start, end, 10) == {dt.datetime(1911, 1, 1): 2, dt.datetime(1921, 1, 1): 2}
        assert counted("year", start, dt.date(1923, 1, 1)) == {dt.datetime(1911, 1, 1): 2}
        assert counted("month", start, dt.date(1912, 1, 1)) == {dt.datetime(1911, 4, 1): 1, dt.datetime(1911, 5, 1): 1}
        assert counted("day", start, dt.date(1911, 5, 1)) == {dt.datetime(1911, 4, 2): 1}
        assert counted("hour", dt.date(1911, 4, 2), dt.date(1911, 4, 3)) == {dt.datetime(1911, 4, 2, 10): 1}

    def test_queries_are_counted(self):
        asked = SearchQuerySet().filter(content="ferry").query_facet("words", "[11 TO 11]").query_facet("author", "J*")
        assert sorted(asked.facet_counts()["queries"].values()) == [2, 2]

    def test_a_facet_that_is_chosen_narrows_and_changes_no_score(self):
        asked = SearchQuerySet().filter(content="storm")
        narrowed = asked.narrow('author_exact:"Jane Running"')
        assert self.names(narrowed) == ["ferry"]
        assert narrowed[0].score == pytest.approx({result.pk: result.score for result in asked}[narrowed[0].pk])
        assert set(self.names(SearchQuerySet().narrow("words:[11 TO 11]"))) == {"ferry", "ice"}
        both = SearchQuerySet().narrow('tags_exact:"New York, NY"').narrow('author_exact:"Jane Smith"')
        assert self.names(both) == ["return"]
        assert self.names(SearchQuerySet().narrow(SQ(title="ice"))) == ["ice"]
        assert set(self.names(SearchQuerySet().narrow(SQ(author_exact="Jane Smith") | SQ(words=11)))) == EVERYONE - {
            "comet"
        }

    def test_haystacks_form_for_facets_narrows(self):
        form = FacetedSearchForm({"q": "comet"}, selected_facets=["tags_exact:New York, NY", "nonsense", "author:"])
        assert self.names(form.search()) == ["return"]

    def test_numbers_are_summed_up(self):
        if not self.has_stats:
            pytest.skip("Haystack does not pass stats to this engine.")
        told = SearchQuerySet().filter(content="ferry").stats("words").stats_results()["words"]
        assert (told["min"], told["max"], told["sum"], told["count"], told["missing"]) == (11, 12, 34, 3, 0)
        assert told["mean"] == pytest.approx(34 / 3)

    # Words shown and suggested

    def test_what_matched_is_marked(self):
        def shown(asked: SearchQuerySet) -> str:
            [result] = asked
            texts = result.highlighted
            return " ".join(text for held in texts.values() for text in held) if isinstance(texts, dict) else texts[0]

        asked = SearchQuerySet().filter(content="froze")
        assert "<em>froze</em>" in shown(asked.highlight())
        assert "<b>froze</b>" in shown(asked.highlight(**self.marks))
        assert asked[0].highlighted is None

    def test_what_is_alike_is_found_by_its_words(self):
        self.add_stories(6)
        alike = SearchQuerySet().more_like_this(self.articles["comet"])
        assert self.names(alike)[0] == "return"
        assert "comet" not in self.names(alike)
        assert self.names(alike.filter(author="anne")) != self.names(alike)
        assert self.names(alike.models(Section)) == []
        assert self.names(alike.all()[:1]) == ["return"]

    def test_a_misspelt_word_has_a_suggestion_above_all_when_nothing_is_found(self):
        assert SearchQuerySet().filter(content="obsrvatory").spelling_suggestion() == "observatory"
        assert SearchQuerySet().filter(content="ferry").spelling_suggestion("obsrvatory") == "observatory"
        assert SearchQuerySet().filter(content="x").set_spelling_query("commet").spelling_suggestion() == "comet"

    # Changes

    def test_an_object_is_in_the_index_once_as_it_was_last_updated(self):
        article = self.articles["ice"]
        article.title = "Thaw on the river"
        self.update(article, article)
        self.update(article)
        assert self.found(title="thaw") == {"ice"}
        assert self.found(title="ice") == set()
        assert SearchQuerySet().count() == 5

    def test_what_is_removed_is_gone_by_object_and_by_key(self):
        self.backend.remove(self.articles["ice"])
        self.backend.remove(get_identifier(self.articles["comet"]))
        self.backend.remove("articles.article.0")
        assert self.found() == {"ferry", "storm", "return"}

    def test_an_index_can_be_cleared_of_one_model_or_of_all(self):
        self.update(Section.objects.create(name="The ferry section"))
        self.backend.clear(models=[Section])
        assert self.found() == EVERYONE
        self.update(Section.objects.create(name="Another section"))
        self.backend.clear(models=[Article])
        assert self.found() == {"Another section"}
        self.backend.clear()
        assert self.found() == set()
        self.update(self.articles["ice"])
        assert self.found() == {"ice"}

    @pytest.mark.filterwarnings("ignore:No updated date field found for 'Section'")
    def test_haystacks_commands_keep_index_and_database_the_same(self, capsys: pytest.CaptureFixture):
        late = make_article("Late news")
        call_command("update_index", verbosity=0)
        assert self.found(title="late") == {"Late news"}
        late.delete()
        call_command("update_index", remove=True, verbosity=0)
        assert self.found() == EVERYONE
        Article.objects.filter(pk=self.articles["ice"].pk).update(title="Thaw", modified_at="1990-01-01T00:00Z")
        Article.objects.filter(pk=self.articles["comet"].pk).update(title="Meteor")
        call_command("update_index", age=1, verbosity=0)
        assert (self.found(title="thaw"), self.found(title="meteor")) == (set(), {"comet"})
        call_command("clear_index", interactive=False, verbosity=0)
        assert self.found() == set()
        call_command("rebuild_index", interactive=False, verbosity=0)
        assert (self.found(title="thaw"), self.found()) == ({"ice"}, EVERYONE)
        call_command("haystack_info")
        assert "StoryIndex" in capsys.readouterr().out
