"""What pages print around an article is known by its words; what an article says is not mistaken for it."""

from __future__ import annotations

import pytest

from articles.importers.furniture import Furniture, kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Leave a Reply", Furniture.FORM),
        ("Your email address will not be published. Required fields are marked *", Furniture.FORM),
        ("20 thoughts on “Otters delay the ferry”", Furniture.FORM),
        ("Schreibe einen Kommentar", Furniture.FORM),
        ("34 Comments", Furniture.TALK),
        ("3 kommentare", Furniture.TALK),
        ("October 17, 2021 at 8:35 am | Reply", Furniture.TALK),
        ("Related Articles", Furniture.OTHERS),
        ("RELATED NEWS:", Furniture.OTHERS),
        ("Das könnte Sie auch interessieren", Furniture.OTHERS),
        ("مقالات ذات صلة", Furniture.OTHERS),
        ("相关文章", Furniture.OTHERS),
        ("© 2017 The Valley Press", Furniture.OTHERS),
        ("Filed Under: Glass, Velm", Furniture.FILING),
        ("Tags: glass, Velm", Furniture.FILING),
        ("Subscribe to our newsletter", Furniture.PROMPT),
        ("Follow Marta Oyelaran on Twitter", Furniture.PROMPT),
        ("Share this:", Furniture.SHARE),
        ("858shares", Furniture.SHARE),
        ("ShareTweetShareSubscribeEmail", Furniture.SHARE),
        ("Facebook Twitter LinkedIn Share via Email", Furniture.SHARE),
        ("Click to share on Facebook (Opens in new window)", Furniture.SHARE),
        ("Back to top button", Furniture.CONTROL),
        ("← The older page", Furniture.CONTROL),
        ("Advertisement", Furniture.ASIDE),
        ("Read more: The argument about the chimney", Furniture.ASIDE),
    ],
)
def test_furniture_is_known_by_its_words(text, kind):
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "Share prices fell on Monday after the glassworks said it would close.",
        "Comments by the mayor were read out in the council.",
        "Related parties of the bank had borrowed the money, the court said.",
        "Tagged as a spy by his neighbours, he moved to the islands and kept bees for thirty years until he died.",
        "Follow the river and you come to the mill.",
        "Home rule was the question of the year.",
        "“Subscribe to nothing,” said the old printer, “and read everything.”",
        "© AFP / Ilse Barr",
        "",
        "x" * 100_000,
    ],
)
def test_what_an_article_says_is_not_furniture(text):
    assert kind_of(text) is None
