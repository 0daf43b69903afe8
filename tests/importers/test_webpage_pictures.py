"""Pictures of saved pages: their addresses, wherever the page keeps them, and nothing that is none."""

from __future__ import annotations

import pytest

from articles.records import ImageRecord
from tests.growth import assert_in_proportion
from tests.importers.test_webpage import page, read, sample


def test_a_picture_comes_with_its_caption_and_whole_address():
    (image,) = sample("newspaper_site.html").images
    assert image == ImageRecord(
        url="https://courier.portaldery.example/pictures/quay.jpg",
        alt="Boats at a quay",
        caption="Boats wait at the quay of Port Aldery on Monday. Photo: Ilse Barr",
    )


def pictured(src: str) -> str:
    caption = "<figcaption>The pier at low tide. Photo: A. Writer</figcaption>"
    (image,) = read(page(below=f'<figure><img src="{src}">{caption}</figure>'), address="https://a.example/b/c").images
    return image.url


@pytest.mark.parametrize("src", ["Pier_files/pier.jpg", "./Am Pier-Dateien/pier.jpg", "Pier.html_fichiers/1/pier.jpg"])
def test_a_picture_in_the_folder_beside_a_saved_page_has_no_address(src):
    assert pictured(src) == ""


@pytest.mark.parametrize("src", ["/b/pier_files/pier.jpg", "https://a.example/b/pier_files/pier.jpg"])
def test_a_folder_of_the_web_may_be_called_as_one_beside_a_saved_page(src):
    assert pictured(src) == "https://a.example/b/pier_files/pier.jpg"


def pictured_as(figure: str) -> str:
    caption = "<figcaption>The pier at low tide. Photo: A. Writer</figcaption>"
    (image,) = read(page(below=f"<figure>{figure}{caption}</figure>"), address="https://a.example/b/c").images
    assert image.caption == "The pier at low tide. Photo: A. Writer"
    return image.url


BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@pytest.mark.parametrize(
    "figure",
    [
        '<img srcset="/s.jpg 300w, /pier.jpg 1200w,/m.jpg 600w">',
        '<img srcset="/s.jpg, /pier.jpg 2x">',
        f'<img src="{BLANK}" data-srcset="/pier.jpg 2x, {BLANK}">',
        '<img src="Pier_files/pier.jpg" srcset="https://a.example/pier.jpg 2x">',
        f'<picture><source srcset="/pier.jpg 1x"><img src="{BLANK}"></picture>',
        f'<img src="{BLANK}"><noscript><img src="/pier.jpg"></noscript>',
        f'<picture><img src="{BLANK}"></picture><noscript><img src="/pier.jpg"></noscript>',
        '<noscript><img src="/pier.jpg"></noscript><img src="/img/blank.gif">',
        '<div data-src="x"></div><noscript><img src="/pier.jpg"></noscript>',
        '<img src="/pier.jpg"><noscript><img src="/pier.jpg"></noscript>',
        '<img src="https://count.example/me" width="1" height="1"><img src="/pier.jpg">',
        '<img src="javascript:alert(1)"><img src="/pier.jpg">',
    ],
)
def test_a_picture_has_the_address_that_a_browser_would_show_it_from(figure):
    assert pictured_as(figure) == "https://a.example/pier.jpg"


@pytest.mark.parametrize(
    "figure",
    [
        f'<img src="{BLANK}">',
        f'<img srcset="{BLANK} 1x, Pier_files/pier.jpg 2x">',
        '<img src="javascript:alert(1)" srcset="vbscript:x 2x, file:///etc/passwd 3x">',
        f'<img src="https://a.example/{"x" * 5000}">',
        f'<img srcset="{"/pier.jpg 1x, " * 5000}">',
        '<noscript><img src="https://count.example/me" width="1" height="1"></noscript>',
    ],
)
def test_what_is_no_address_of_the_web_is_none_of_a_picture(figure):
    assert pictured_as(figure) == ""


def test_many_pictures_and_captions_take_no_longer_than_their_number():
    figure = '<img src="/pier.jpg"><div class="caption">The pier at low tide</div>'
    assert_in_proportion(lambda count: read(page(below=figure * count), address="https://a.example/"), 4000)
