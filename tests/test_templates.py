"""The templates of the pages: each can be read, and none hides a mistake or lets markup through."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.test import override_settings
from django.urls import set_script_prefix
from jinja2 import UndefinedError, meta, nodes

from articles import pages
from articles.wording.archive import period_url

READING, DESK = engines["jinja2"], engines["django"]
FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = READING.env.list_templates()


def tree_of(name: str) -> nodes.Template:
    return READING.env.parse(READING.env.loader.get_source(READING.env, name)[0])


def parts() -> set[str]:
    """The templates of which others import something."""
    return {imported.template.value for name in TEMPLATES for imported in tree_of(name).find_all(nodes.FromImport)}


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_can_be_read(name: str):
    READING.get_template(name)


def test_what_is_imported_names_nothing_but_its_arguments():
    assert len(parts()) > 5
    for name in parts():
        tree = tree_of(name)
        assigned = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
        assert meta.find_undeclared_variables(tree) - assigned <= READING.env.globals.keys(), name


def test_a_name_that_is_not_there_is_an_error():
    with pytest.raises(UndefinedError, match="'titel' is undefined"):
        READING.from_string("{{ titel }}").render()


def test_neither_engine_sees_the_templates_of_the_other():
    with pytest.raises(TemplateDoesNotExist):
        READING.get_template("admin/base_site.html")
    with pytest.raises(TemplateDoesNotExist):
        DESK.get_template("base.html")


def test_every_value_is_escaped_and_no_template_says_otherwise():
    shown = READING.from_string("<p title=\"{{ x }}\">{{ x }}{{ _('a < b') }}{% trans %}<b>{{ x }}</b>{% endtrans %}")
    assert shown.render({"x": '"<i>'}).count("&lt;i&gt;") == 3
    assert "a &lt; b" in shown.render({"x": ""})
    for path in (FOLDER / "pages").rglob("*.*"):
        assert not re.search(r"\|\s*safe|autoescape|Markup", path.read_text()), path


@pytest.fixture
def _prefix():
    yield
    set_script_prefix("/")


@pytest.mark.usefixtures("_prefix")
def test_addresses_are_kept_for_each_prefix_that_the_site_lies_under():
    for prefix in ("/", "/news/", "/"):
        set_script_prefix(prefix)
        assert pages.url("articles:tags") == f"{prefix}tags/"
        assert pages.url("articles:source", "gazette") == f"{prefix}source/gazette/"
        assert period_url("1923-05") == f"{prefix}1923/05/"


@override_settings(STATIC_URL="/files/")
def test_the_page_of_a_failure_asks_for_no_file_by_its_fingerprint():
    assert 'href="/files/archive.css"' in READING.get_template("500.html").render()
