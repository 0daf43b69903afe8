"""Names renamed, known by others, merged: what led to them leads to them still, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import editing, jobs, naming
from articles.models import (
    Article,
    ArticleTag,
    ImportJob,
    IndexBacklog,
    Result,
    Source,
    SourceAlias,
    Tag,
    TagAlias,
    names,
)
from articles.models.names import Name

from .makers import make_article

pytestmark = pytest.mark.django_db


def imported(line: str, name: str = "a.jsonl") -> ImportJob:
    job = jobs.enqueue([jobs.Incoming(name, [line.encode()])], label="a", claimed_by="here:1")
    jobs.run(job)
    return job


def tags_of(article: Article) -> list[str]:
    return [link.tag.name for link in article.tag_links.select_related("tag")]


def leads() -> dict[str, str]:
    return dict(TagAlias.objects.values_list("name", "target__name"))


# Renaming


def test_a_renamed_name_has_a_new_address_and_the_old_name_leads_to_it():
    tag = Tag.objects.create(name="Flod")
    naming.rename(tag, " The  Flood ")
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.slug) == ("The Flood", "the flood", "the-flood")
    assert Tag.objects.at("flod") == Tag.objects.at("the-flood") == tag
    assert leads() == {"Flod": "The Flood"}


def test_a_name_renamed_twice_is_one_step_from_its_first():
    tag = Tag.objects.create(name="Flod")
    naming.rename(tag, "Flood")
    naming.rename(tag, "The Flood")
    assert leads() == {"Flod": "The Flood", "Flood": "The Flood"}
    assert Tag.objects.at("flod").slug == "the-flood"


def test_a_name_that_is_called_as_before_has_its_address_back():
    tag = Tag.objects.create(name="Flod")
    naming.rename(tag, "Flood")
    naming.rename(tag, "flod")
    assert (tag.name, tag.slug) == ("flod", "flod")
    assert leads() == {"Flood": "flod"}
    assert Tag.objects.at("flood") == tag


def test_without_the_former_name_the_address_stays():
    tag = Tag.objects.create(name="Flod")
    naming.rename(tag, "Flood", keep=False)
    assert (tag.slug, leads()) == ("flod", {})
    assert Tag.objects.named(["Flod"])["flod"] != tag


def test_another_spelling_of_the_same_name_is_no_other_name():
    tag = Tag.objects.create(name="flood")
    naming.rename(tag, "Flood")
    assert (Tag.objects.get().name, tag.slug, leads()) == ("Flood", "flood", {})


def test_names_with_one_plain_address_keep_theirs_apart():
    tag = Tag.objects.create(name="C")
    naming.rename(tag, "C++")
    assert tag.slug == "c"
    alias = TagAlias.objects.get()
    assert alias.slug.startswith("c-")
    assert Tag.objects.named(["C#"])["c#"].slug not in {"c", alias.slug}


@pytest.mark.parametrize("words", ["FLOOD", "High water"])
def test_a_name_that_another_has_or_is_known_by_is_refused(words):
    flood, tag = Tag.objects.create(name="Flood"), Tag.objects.create(name="Flod")
    naming.know_as(flood, ["High water"])
    with pytest.raises(naming.Taken) as told:
        naming.rename(tag, words)
    assert told.value.holder == flood
    assert Tag.objects.get(pk=tag.pk).name == "Flod"


def test_articles_of_a_renamed_name_await_indexing():
    article = make_article(tags=("Flod",))
    IndexBacklog.objects.all().delete()
    naming.rename(Tag.objects.get(), "Flood")
    assert [row.article_id for row in IndexBacklog.objects.all()] == [article.pk]


# Other names


def test_other_names_come_and_go():
    tag = Tag.objects.create(name="Flood")
    assert naming.know_as(tag, ["Flod", "High  water", "flood"]) == (["Flod", "High water"], [])
    assert naming.know_as(tag, ["high water", "Inundation"]) == (["Inundation"], ["Flod"])
    assert leads() == {"High water": "Flood", "Inundation": "Flood"}
    assert Tag.objects.at("flod") is None


def test_a_name_in_its_own_right_cannot_be_another_name():
    tag, ice = Tag.objects.create(name="Flood"), Tag.objects.create(name="Ice")
    with pytest.raises(naming.Taken) as told:
        naming.know_as(tag, ["Flod", "ICE"])
    assert told.value.holder == ice
    assert leads() == {}


def test_what_is_imported_under_another_name_is_filed_under_the_name():
    tag = Tag.objects.create(name="Flood")
    naming.know_as(tag, ["Flod"])
    imported('{"title": "The quay", "body": "Wet.", "tags": ["FLOD", "Ice", "flood"]}')
    assert tags_of(Article.objects.get()) == ["Flood", "Ice"]
    assert set(Tag.objects.values_list("name", flat=True)) == {"Flood", "Ice"}


def test_an_editor_who_types_another_name_files_under_the_name():
    naming.know_as(Tag.objects.create(name="Flood"), ["Flod"])
    article = make_article()
    editing.file_under(article, "tags", ["Flod", "Flood", "Ice"])
    assert tags_of(article) == ["Flood", "Ice"]
    assert editing.remove_tags([article.pk], ["flod"]) == 1
    assert editing.add_tags([article.pk], ["Flod", "Flood"]) == 1
    assert tags_of(article) == ["Ice", "Flood"]


def test_names_of_a_batch_take_as_many_queries_with_aliases_as_without():
    Tag.objects.create(name="Held")
    with CaptureQueriesContext(connection) as before:
        Tag.objects.named(["Held", "New", "Newer"])
    naming.know_as(Tag.objects.get(name="Held"), [f"Other {number}" for number in range(20)])
    with CaptureQueriesContext(connection) as behind:
        Tag.objects.named(["Held", "Newest", *(f"Other {number}" for number in range(20))])
    assert len(behind) == len(before) == 6
    with CaptureQueriesContext(connection) as held:
        Tag.objects.named(["Held", "New"])
    assert len(held) == 1


def test_an_address_that_leads_elsewhere_is_given_to_no_new_name():
    tag = Tag.objects.create(name="Ice cream")
    naming.rename(tag, "Sorbet")
    other = Tag.objects.named(["Ice-cream"])["ice-cream"]
    assert Tag.objects.at("ice-cream") == tag
    assert Tag.objects.at(other.slug) == other
    assert Tag.objects.create(name="Ice, cream").slug not in {"ice-cream", other.slug}


def test_no_statement_asks_for_more_names_than_a_database_takes(monkeypatch):
    monkeypatch.setattr(names, "AT_ONCE", 100)
    values: list[int] = []

    def count(execute, sql, params, many, context):
        values.append(len(params or ()))
        return execute(sql, params, many, context)

    naming.know_as(Tag.objects.create(name="Flood"), ["Flod"])
    wanted = [f"{word} {number}" for number in range(700) for word in ("Otter", "otter", "Weir", "Otter!")]
    with connection.execute_wrapper(count):
        held = Tag.objects.named([*wanted, "Flod"])
    assert len(held) == 3 * 700 + 1
    assert held["flod"].name == "Flood"
    assert len({tag.slug for tag in held.values()}) == len(held)
    assert max(values) <= 999
    assert Tag.objects.known(wanted).keys() == held.keys() - {"flod"}


def test_a_name_whose_address_is_taken_at_this_moment_is_made_with_another(monkeypatch):
    taken = names.NameQuerySet.taken

    def overtaken(self, wanted):
        found = taken(self, wanted)
        Tag.objects.bulk_create([Tag(name="C", key="c", slug="c")], ignore_conflicts=True)
        return found

    monkeypatch.setattr(names.NameQuerySet, "taken", overtaken)
    assert Tag.objects.named(["C++"])["c++"].slug.startswith("c-")


# Merging


def test_what_is_filed_under_merged_names_is_filed_under_the_target_once():
    flood, flod, water = (Tag.objects.create(name=name) for name in ("Flood", "Flod", "Water"))
    one = make_article(tags=("Ice", "Flod"))
    two = make_article(tags=("Flod", "Flood", "Water"))
    three = make_article(tags=("Water", "Flod"), status="draft")
    naming.merge(flood, [flod, water])
    assert [tags_of(article) for article in (one, two, three)] == [["Ice", "Flood"], ["Flood"], ["Flood"]]
    assert leads() == {"Flod": "Flood", "Water": "Flood"}
    flood.refresh_from_db()
    assert flood.published_count == 2
    assert ArticleTag.objects.filter(status="published").count() == 3


def test_the_plan_is_what_the_merge_does():
    names = [Tag.objects.create(name=name) for name in ("Flood", "Flod", "Water")]
    naming.know_as(names[1], ["Fluud"])
    for tags in (("Flood",), ("Flood", "Flod"), ("Flod", "Water"), ("Water",)):
        make_article(tags=tags)
    make_article(tags=("Flod",), status="draft")
    plan = naming.plan(names[0], names[1:])
    assert [(coming.name.name, coming.articles, coming.both) for coming in plan.coming] == [
        ("Flod", 3, 1),
        ("Water", 2, 0),
    ]
    assert (plan.before, plan.moving, plan.both, plan.after, plan.published) == (2, 3, 2, 5, 4)
    assert plan.leading == ("Flod", "Water", "Fluud")
    assert naming.merge(names[0], names[1:]) == plan
    assert ArticleTag.objects.filter(tag=names[0]).count() == plan.after
    assert Tag.objects.get().published_count == plan.published


def test_what_led_to_a_merged_name_leads_to_the_target_in_one_step():
    flood, flod = Tag.objects.create(name="Flood"), Tag.objects.create(name="Fluud")
    naming.rename(flod, "Flod")
    naming.merge(flood, [flod])
    naming.rename(flood, "Floods")
    assert leads() == dict.fromkeys(("Fluud", "Flod", "Flood"), "Floods")
    assert {Tag.objects.at(slug) for slug in ("fluud", "flod", "flood", "floods")} == {flood}


def test_merged_articles_are_new_to_the_index_and_to_followers_but_not_edited():
    article = make_article(tags=("Flod",))
    before = article.modified_at
    IndexBacklog.objects.all().delete()
    naming.merge(Tag.objects.create(name="Flood"), [Tag.objects.get(name="Flod")])
    article.refresh_from_db()
    assert article.modified_at > before
    assert article.edited_at is None
    assert [row.article_id for row in IndexBacklog.objects.all()] == [article.pk]


@pytest.mark.parametrize("portion", [1, 2, 3, 5, 100])
def test_many_articles_are_filed_in_portions_with_the_same_result(monkeypatch, portion):
    monkeypatch.setattr(naming, "PORTION", portion)
    names = [Tag.objects.create(name=name) for name in ("Flood", "Flod", "Water")]
    for tags in (("Flood", "Flod"), ("Flod", "Water"), ("Water",), ("Flod",), ("Water", "Flood", "Flod")):
        make_article(tags=tags, source="The Gazette")
    plan = naming.merge(names[0], names[1:])
    assert [tags_of(article) for article in Article.objects.all()] == [["Flood"]] * 5 == [["Flood"]] * plan.after
    naming.merge(Source.objects.create(name="The Herald"), [Source.objects.get(name="The Gazette")])
    assert (Tag.objects.get().published_count, Source.objects.get().published_count) == (5, 5)


def test_a_merge_takes_as_many_statements_for_many_articles_as_for_few():
    taken = []
    for count in (5, 60):
        for _ in range(count):
            make_article(tags=("Flod",))
        with CaptureQueriesContext(connection) as merging:
            naming.merge(Tag.objects.get_or_create(name="Flood")[0], [Tag.objects.get(name="Flod")])
        taken.append(len(merging))
        TagAlias.objects.all().delete()
        Tag.objects.create(name="Flod")
    assert taken[1] <= taken[0]


def test_a_merge_that_was_cut_off_is_finished_by_another(monkeypatch):
    monkeypatch.setattr(naming, "PORTION", 1)
    flood, flod = Tag.objects.create(name="Flood"), Tag.objects.create(name="Flod")
    for _ in range(3):
        make_article(tags=("Flod",))
    left = iter([naming._file_some])
    monkeypatch.setattr(naming, "_file_some", lambda *asked: next(left, interrupt)(*asked))
    with pytest.raises(KeyboardInterrupt):
        naming.merge(flood, [flod])
    monkeypatch.undo()
    assert list(Tag.objects.order_by("pk").values_list("name", "published_count")) == [("Flood", 1), ("Flod", 2)]
    naming.merge(flood, [flod])
    assert (Tag.objects.get().published_count, leads()) == (3, {"Flod": "Flood"})


def interrupt(*asked: object) -> int:
    raise KeyboardInterrupt


def test_merged_sources_take_their_articles_and_imports_along():
    article = make_article(source="The Gazette")
    gazette, target = Source.objects.get(), Source.objects.create(name="The Harbour Gazette")
    job = ImportJob.objects.create(label="a", source=gazette)
    naming.merge(target, [gazette])
    article.refresh_from_db()
    job.refresh_from_db()
    target.refresh_from_db()
    assert article.source == job.source == target
    assert target.published_count == 1
    assert SourceAlias.objects.get().target == target


LINE = '{"title": "The quay", "body": "Wet.", "source": "%s"}'


@pytest.mark.parametrize("again", ["Gazette", "The Harbour Gazette"])
def test_an_article_is_known_again_by_every_name_of_its_source(again):
    imported(LINE % "Gazette")
    naming.merge(Source.objects.create(name="The Harbour Gazette"), [Source.objects.get(name="Gazette")])
    job = imported(LINE % again, "b.jsonl")
    assert [outcome.result for outcome in job.outcomes.all()] == [Result.DUPLICATE]
    assert Article.objects.count() == 1


def test_two_names_of_a_source_in_one_file_are_one_source():
    naming.know_as(Source.objects.create(name="The Harbour Gazette"), ["Gazette"])
    job = imported("\n".join([LINE % "Gazette", LINE % "The Harbour Gazette"]))
    results = [outcome.result for outcome in job.outcomes.order_by("number")]
    assert results == [Result.CREATED, Result.DUPLICATE]
    assert Article.objects.get().source.name == "The Harbour Gazette"


@pytest.mark.parametrize("kind", naming.USES)
def test_all_that_points_at_a_name_is_known_to_the_merge(kind: type[Name]):
    users, _column = naming.USES[kind]
    # Articles reach names by the links of `users`.
    known = {users, kind.alias_model(), ImportJob, Article}
    assert {relation.related_model for relation in kind._meta.related_objects} <= known
