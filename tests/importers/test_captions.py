"""Captions are known by their credit, or because they show a dated scene."""

from __future__ import annotations

import pytest

from articles.importers.captions import is_caption


@pytest.mark.parametrize(
    "text",
    [
        "Delivery vans at the works. (Photo: Ilse Barr)",
        "Photo: Ilse Barr / Valley Press",
        "Image caption The furnace in autumn",
        "The quay at Port Aldery in spring. (AP)",
        "FILE PHOTO: The mayor of Velm in the council",
        "The chimney was built in 1908 (Image: VALLEY PRESS)",
        "In this undated photo the works are still open.",
        "Boats wait at the outer quay, two days after they were called home on March 14, 2019.",
        "Getty Images",
    ],
)
def test_captions(text):
    assert is_caption(text)


@pytest.mark.parametrize(
    "text",
    [
        "The council meets on 5 June 2030.",
        "The exhibition runs until May 29, 2017.",
        "Boats waited at the outer quay on March 14, 2019.",
        "“They stand on the road,” she said on May 29, 2017.",
        "The talks will go on, the ministry said on Tuesday. (Reuters)",
        "Reuters, which first reported the sale, put the price at two millions.",
        "This picture of the town is not complete.",
    ],
)
def test_what_a_report_says_is_no_caption(text):
    assert not is_caption(text)
