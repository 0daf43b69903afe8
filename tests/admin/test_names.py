"""Sources, sections, tags and authors in the admin."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from articles import naming
from articles.models import IndexBacklog, Source, Tag, TagAlias

from ..makers import make_article, make_source

pytestmark = pytest.mark.django_db

TAGS = "/admin/articles/tag/"


def test_a_name_is_changed_and_keeps_its_address_if_the_former_name_is_not_kept(editor):
    make_article(tags=("Flod",))
    tag = Tag.objects.get()
    editor.post(f"{TAGS}{tag.pk}/change/", {"name": " The  Flood ", "description": "High water."})
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.slug, tag.description) == ("The Flood", "the flood", "flod", "High water.")


def test_a_name_that_another_has_is_refused_with_a_link_to_it(editor):
    make_article(tags=("Flood", "Flod"))
    tag, other = Tag.objects.get(name="Flod"), Tag.objects.get(name="Flood")
    answer = editor.post(f"{TAGS}{tag.pk}/change/", {"name": "FLOOD", "description": ""})
    assert f'is here already: <a href="{TAGS}{other.pk}/change/">Flood</a>' in answer.content.decode()
    assert Tag.objects.get(pk=tag.pk).name == "Flod"


def test_the_case_of_a_name_may_change(editor):
    make_article(tags=("flood",))
    editor.post(f"{TAGS}{Tag.objects.get().pk}/change/", {"name": "Flood", "description": ""})
    assert Tag.objects.get().name == "Flood"


def test_the_list_shows_how_many_articles_readers_see(editor):
    make_article(tags=("Flood",))
    make_article(tags=("Flood", "Ice"), status="draft")
    page = editor.get(TAGS)
    assert [(tag.name, tag.published_count) for tag in page.context["cl"].result_list] == [("Flood", 1), ("Ice", 0)]
    assert [tag.name for tag in editor.get(f"{TAGS}?q=ic").context["cl"].result_list] == ["Ice"]


def test_a_name_in_use_cannot_be_deleted_not_even_with_others(boss):
    make_article(tags=("Flood",), source="The Gazette", status="draft")
    tag, unused = Tag.objects.get(), Tag.objects.create(name="Unused")
    assert boss.post(f"{TAGS}{tag.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = boss.post(TAGS, {"action": "delete_selected", "_selected_action": [tag.pk, unused.pk]}, follow=True)
    assert "1 deleted. 1 of the selected are in use and were kept." in answer.content.decode()
    assert Tag.objects.get() == tag
    assert boss.post(f"/admin/articles/source/{Source.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_name_that_nothing_uses_can_be_deleted(boss):
    source = make_source()
    assert boss.post(f"/admin/articles/source/{source.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Source.objects.exists()


def test_the_homepage_of_a_source_must_be_an_address_of_the_web(editor):
    source = make_source()
    values = {"name": source.name, "description": "", "homepage": "javascript:alert(1)"}
    assert editor.post(f"/admin/articles/source/{source.pk}/change/", values).status_code == 200
    editor.post(f"/admin/articles/source/{source.pk}/change/", {**values, "homepage": "https://gazette.example/"})
    source.refresh_from_db()
    assert source.homepage == "https://gazette.example/"


# Other names


def changed(client, tag: Tag, **values) -> str:
    given = {"name": tag.name, "description": tag.description, "keep_former": "on", "other_names": "", **values}
    return client.post(f"{TAGS}{tag.pk}/change/", given, follow=True).content.decode()


def others() -> set[str]:
    return set(TagAlias.objects.values_list("name", flat=True))


def test_a_renamed_name_keeps_its_former_name_and_the_log_says_so(editor):
    tag = Tag.objects.create(name="Flod")
    changed(editor, tag, name="Flood", other_names="High water")
    tag.refresh_from_db()
    assert (tag.name, tag.slug, others()) == ("Flood", "flood", {"Flod", "High water"})
    assert LogEntry.objects.get().change_message == "Renamed. It was “Flod”."


def test_other_names_are_lines_that_come_and_go(editor):
    tag = Tag.objects.create(name="Flood")
    changed(editor, tag, other_names="Flod\r\nHigh  water\r\nFLOD")
    assert others() == {"Flod", "High water"}
    changed(editor, tag, other_names="High water")
    assert others() == {"High water"}


def test_a_new_name_may_have_other_names_at_once(editor):
    editor.post(f"{TAGS}add/", {"name": "Flood", "description": "", "other_names": "Flod"})
    assert TagAlias.objects.get().target.name == "Flood"


def test_a_description_alone_has_no_article_indexed_anew(editor):
    make_article(tags=("Flood",))
    IndexBacklog.objects.all().delete()
    changed(editor, Tag.objects.get(), description="High water.")
    assert Tag.objects.get().description == "High water."
    assert not IndexBacklog.objects.exists()


def test_another_name_that_is_taken_is_refused_with_a_way_to_merge_for_those_who_may(editor, boss):
    flood, ice = Tag.objects.create(name="Flood"), Tag.objects.create(name="Ice")
    naming.know_as(ice, ["Frost"])
    page = changed(boss, flood, other_names="Frost")
    assert f'here already: <a href="{TAGS}{ice.pk}/change/">Ice</a>' in page
    assert f'href="{TAGS}merge/?names={flood.pk}&amp;target={ice.pk}">Merge the two' in page
    assert "Merge the two" not in changed(editor, flood, name="ICE")
    assert others() == {"Frost"}


def test_no_more_names_lead_to_one_than_a_page_can_show(editor):
    tag = Tag.objects.create(name="Flood")
    page = changed(editor, tag, other_names="\n".join(f"Flood {number}" for number in range(naming.ALIASES + 1)))
    assert "These are 201 names; at most 200 can lead to one." in page
    assert not others()


def test_the_list_shows_other_names_and_finds_by_them(editor):
    naming.know_as(Tag.objects.create(name="Flood"), ["High water"])
    Tag.objects.create(name="Ice")
    answer = editor.get(f"{TAGS}?q=water")
    assert [tag.name for tag in answer.context["cl"].result_list] == ["Flood"]
    assert "<bdi>High water</bdi>" in answer.content.decode()


# Merging


@pytest.fixture
def floods() -> dict[str, Tag]:
    make_article(tags=("Flood",))
    make_article(tags=("Flood", "Flod"))
    make_article(tags=("Flod",), status="draft")
    return {tag.name: tag for tag in Tag.objects.all()}


def test_names_that_are_selected_are_merged_after_a_preview(boss, floods):
    numbers = [tag.pk for tag in floods.values()]
    answer = boss.post(TAGS, {"action": "merge_selected", "_selected_action": numbers}, follow=True)
    plan = answer.context["plan"]
    assert (plan.target, plan.before, plan.moving, plan.both, plan.after) == (floods["Flood"], 2, 1, 1, 3)
    assert Tag.objects.count() == 2
    given = {"names": ",".join(map(str, numbers)), "target": floods["Flood"].pk}
    page = boss.post(f"{TAGS}merge/", given, follow=True).content.decode()
    assert "“Flod” became part of “Flood”, which has 3 articles now." in page
    assert Tag.objects.get() == floods["Flood"]
    logged = set(LogEntry.objects.values_list("object_repr", "change_message"))
    told = "Merged with “Flod”: 1 articles came to the 2 that were here."
    assert logged == {("Flod", "Merged into “Flood”."), ("Flood", told)}


def test_the_name_that_stays_may_be_chosen_or_typed(boss, floods):
    numbers = ",".join(str(tag.pk) for tag in floods.values())
    chosen = boss.get(f"{TAGS}merge/", {"names": numbers, "target": floods["Flod"].pk})
    assert chosen.context["plan"].target == floods["Flod"]
    naming.know_as(Tag.objects.create(name="High water"), ["Inundation"])
    typed = boss.get(f"{TAGS}merge/", {"names": numbers, "into": "inundation"})
    assert typed.context["plan"].target.name == "High water"
    assert len(typed.context["plan"].coming) == 2


def test_of_several_descriptions_one_is_chosen(boss, floods):
    Tag.objects.filter(name="Flood").update(description="Water.")
    Tag.objects.filter(name="Flod").update(description="Much water.")
    given = {"names": ",".join(str(tag.pk) for tag in floods.values()), "target": floods["Flood"].pk}
    assert "Much water." in boss.get(f"{TAGS}merge/", given).content.decode()
    boss.post(f"{TAGS}merge/", {**given, "described": floods["Flod"].pk})
    assert Tag.objects.get().description == "Much water."


def test_a_merged_source_leaves_its_homepage_and_description_where_there_is_none(boss):
    old, new = make_source("Gazette"), make_source("The Gazette")
    Source.objects.filter(pk=old.pk).update(homepage="https://gazette.example/", description="Of the harbour.")
    boss.post("/admin/articles/source/merge/", {"names": f"{old.pk},{new.pk}", "target": new.pk})
    left = Source.objects.get()
    assert (left.name, left.homepage, left.description) == (
        "The Gazette",
        "https://gazette.example/",
        "Of the harbour.",
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "This field is required."),
        ({"names": "x"}, "Choose names in the list"),
        ({"names": "9" * 400}, "Choose names in the list"),
        ({"names": "999999"}, "None of these names is here any more."),
        ({"names": "{flood}", "target": "999999"}, "The name to merge into is not here any more."),
        ({"names": "{flood}", "target": "x"}, "Enter a whole number."),
        ({"names": "{flood}", "into": "Nothing"}, "“Nothing” is not here."),
        ({"names": "{flood}", "into": "flood"}, "This is the same name."),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_merge_that_cannot_be_is_told(boss, floods, method, given, told):
    asked = {name: value.format(flood=floods["Flood"].pk) for name, value in given.items()}
    answer = getattr(boss, method)(f"{TAGS}merge/", asked)
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert Tag.objects.count() == 2


def test_one_name_alone_is_asked_what_it_becomes_part_of(boss, floods):
    answer = boss.post(f"{TAGS}merge/", {"names": floods["Flod"].pk})
    assert answer.context["plan"] is None
    assert "becomes part of another one" in answer.content.decode()
    assert Tag.objects.count() == 2


def test_only_who_may_delete_names_may_merge_them(editor, floods):
    given = {"names": ",".join(str(tag.pk) for tag in floods.values()), "target": floods["Flood"].pk}
    assert editor.get(f"{TAGS}merge/", given).status_code == 403
    assert editor.post(f"{TAGS}merge/", given).status_code == 403
    assert "merge_selected" not in editor.get(TAGS).content.decode()
    assert "merge/" not in editor.get(f"{TAGS}{floods['Flod'].pk}/change/").content.decode()
    assert Tag.objects.count() == 2


def test_too_many_names_are_not_merged_at_once(boss):
    Tag.objects.bulk_create(Tag(name=str(n), key=str(n), slug=str(n)) for n in range(naming.MERGED + 1))
    numbers = list(Tag.objects.values_list("pk", flat=True))
    answer = boss.post(TAGS, {"action": "merge_selected", "_selected_action": numbers}, follow=True)
    assert "At most 200 names are merged at once: select fewer." in answer.content.decode()
