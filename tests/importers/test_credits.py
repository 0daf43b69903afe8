"""The facts around an article: byline, dateline, sections, tags, address."""

from __future__ import annotations

import pytest

from articles.importers import credits


@pytest.mark.parametrize(
    ("lines", "text", "authors"),
    [
        (["By Jane Doe"], "By Jane Doe", ("Jane Doe",)),
        (
            ["By Jane Doe and John Smith, Staff Writers"],
            "By Jane Doe and John Smith, Staff Writers",
            ("Jane Doe", "John Smith"),
        ),
        (["By Meg Jones Staff Writer"], "By Meg Jones Staff Writer", ("Meg Jones",)),
        (["by Regan September 15, 2014"], "by Regan", ("Regan",)),
        (["written by Regan"], "written by Regan", ("Regan",)),
        (["Posted by Vortex"], "Posted by Vortex", ("Vortex",)),
        (["Author: Bebs"], "Author: Bebs", ("Bebs",)),
        (["By", "James Whittle"], "By James Whittle", ("James Whittle",)),
        (["Article by", "Barry Allen"], "Article by Barry Allen", ("Barry Allen",)),
        (["July 24, 2019 by Amy Motte 5 Comments"], "by Amy Motte", ("Amy Motte",)),
        (["October 12, 2018/0 Comments/in Local /by admin"], "by admin", ("admin",)),
        (["Par Claire Fontanel"], "Par Claire Fontanel", ("Claire Fontanel",)),
        (["Von Jörg Lüdtke und Anna Brömme"], "Von Jörg Lüdtke und Anna Brömme", ("Jörg Lüdtke", "Anna Brömme")),
        (["بقلم: سلمى الحداد"], "بقلم: سلمى الحداد", ("سلمى الحداد",)),
        (["By the time the ferry sailed"], "", ()),
        (["By continuing, you accept the Privacy Policy."], "", ()),
        (["Von der Leyen kommt"], "", ()),
        (["Por que o Brasil"], "", ()),
        (["Author"], "", ()),
        ([], "", ()),
    ],
)
def test_bylines(lines, text, authors):
    found = credits.byline(lines)
    assert (found.text, found.authors) == (text, authors)


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("BAGHDAD (Reuters) — The ministry said", "BAGHDAD"),
        ("BAGHDAD — The ministry said", "BAGHDAD"),
        ("BAGHDAD, May 29 (Reuters) - The ministry said", "BAGHDAD"),
        ("DUBAI, United Arab Emirates — An airline said", "DUBAI, United Arab Emirates"),
        ("SKELLING, July 14. -- The steamer Corncrake", "SKELLING"),
        ("NEW DELHI: Their savings", "NEW DELHI"),
        ("Velm (Valley Press) - The glassworks", "Velm"),
        ("واحة النخيل (وكالة الواحة) - فتحت المكتبة", "واحة النخيل"),
        ("UPDATE: The ferry sailed", ""),
        ("NASA: We have a problem", ""),
        ("The United States - a country", ""),
        ("قال الرئيس: نعم", ""),
        ("(Reuters) - The ministry said", ""),
        ("", ""),
    ],
)
def test_datelines(paragraph, place):
    assert credits.dateline(paragraph) == place


@pytest.mark.parametrize(
    ("text", "known", "sections"),
    [
        (
            "Latest newsHarbour townsOthersWorld Affairs",
            (),
            ("Latest news", "Harbour towns", "Others", "World Affairs"),
        ),
        ("USPolitics", (), ("USPolitics",)),
        ("USPolitics", ("US",), ("US", "Politics")),
        ("McDonald WatchLocal", ("McDonald Watch",), ("McDonald Watch", "Local")),
        ("World News", ("World",), ("World News",)),
        ("Local | Harbour", (), ("Local", "Harbour")),
        ("iPhone", (), ("iPhone",)),
        ("LocalLocal", (), ("Local",)),
    ],
)
def test_sections_that_run_together(text, known, sections):
    assert credits.run_together(text, frozenset(known)) == sections


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("Home » Business » Glassworks of Velm to reopen", ("Business",)),
        ("You are here: Home / Baby / Toys / Glassworks of Velm to reopen", ("Baby", "Toys")),
        ("Accueil > Culture > Glassworks of Velm…", ("Culture",)),
        ("Home » Column »", ("Column",)),
        ("Home", ()),
        ("Jars and/or lamps", ()),
    ],
)
def test_sections_in_a_path(text, sections):
    assert credits.path_sections(text, "Glassworks of Velm to reopen") == sections


@pytest.mark.parametrize(
    ("lines", "tags", "count"),
    [
        (["Tags: glass, Velm, glass"], ("glass", "Velm"), 1),
        (["Tagged glass, Velm"], ("glass", "Velm"), 1),
        (["Tags", "glass", "the town of Velm", "A sentence ends the list."], ("glass", "the town of Velm"), 3),
        (["الوسوم: زجاج، بلدة"], ("زجاج", "بلدة"), 1),
        (["Tagged as a spy"], (), 0),
        (["Tags"], (), 0),
        ([], (), 0),
    ],
)
def test_tags(lines, tags, count):
    assert credits.tags(lines) == (tags, count)


def test_sections_that_a_page_is_filed_under():
    assert credits.filed_under("This entry was posted in Glass, Velm. Bookmark the permalink.") == ("Glass", "Velm")
    assert credits.filed_under("Posted in a hurry by people who should have read the whole story before") == ()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("https://example.org/2017/06/otters", "https://example.org/2017/06/otters"),
        ("Source: https://example.org/otters", "https://example.org/otters"),
        ("https://example.org/otters.jpg", ""),
        ("See https://example.org/otters for more", ""),
        ("http://", ""),
    ],
)
def test_the_address_is_a_line_of_its_own(line, address):
    assert credits.address(["Otters", line]) == address


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("June 13, 2017", True),
        ("Posted on 13/06/2017 by Vortex | Leave a comment", True),
        ("Stephanie September 17, 2014 - 1:01 pm", True),
        ("Last updated: 13 June 2017, 16:40 GMT", True),
        ("20 hours ago", True),
        ("13 juin 2017", True),
        ("June 2017", True),
        ("Rain in June 2017 breaks records", False),
        ("September 2018 open thread", False),
        ("The treaty was signed on 4 July 1776 by fifty men.", False),
        ("2021-2022 Line Outline", False),
        ("Otters delay the ferry", False),
    ],
)
def test_date_lines_are_there_for_their_date(text, is_date):
    assert credits.is_date_line(text) is is_date
