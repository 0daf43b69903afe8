"""The words of many texts found at once: the same, text by text, as those that are found in each."""

from __future__ import annotations

import gzip
import json
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.search.engine.analysis import marked
from articles.search.engine.analysis.gathering import LONGEST, Gathered
from articles.search.engine.analysis.tokens import spaced

from .test_analysis_corpora import ARTICLES, FILES

# What words, initials, paragraphs and marks are made of, once without and once with signs beyond ASCII.
PLAIN = st.text(alphabet="aZ19_.-'` \n\r\t\x00\x01\x02\x03\x1f\x7f", max_size=40)
ODD = st.text(alphabet="aZ1_.-'’‑ \n\r\x01\x02\x7f\x85\u00e9\u0301\u200d\u00adß中ก\ud800\U0001f600", max_size=40)
LONG = st.text(alphabet="ab-", min_size=5, max_size=40)


def found(texts: list[str]) -> list[list[str]]:
    gathered = Gathered([spaced(text) for text in texts])
    words = gathered.some(np.arange(len(gathered)))
    assert len(words) == gathered.counts.sum()
    bounds = [0, *np.cumsum(gathered.counts).tolist()]
    return [words[start:end] for start, end in pairwise(bounds)]


@given(st.lists(PLAIN | ODD | LONG | st.text() | st.just("")))
@example(["U.S.A.F. a-U.S. U.S.-led 'U.S.'s U.S-b x.ab.c.d a.b", "a\x7fb \x02 \x03 a\x01b", "", "end", "'start"])
@example(["a--b a-'b -a- 'a' `a` _a_ a_-b a'-b-'c __ - '", "one\r\n\r\ntwo\r\rthree\n \nfour\n\n\n", "x" * 300])
@example(["Überall’s l’été e\u0301.S. U.S. a\u200dU.S. rock’n’roll 我爱中国人。iPhone手机", "a\x7f é\x02b"])
def test_in_each_of_many_texts_its_own_words_are_found(texts):
    assert found(texts) == [marked(text) for text in texts]


@given(st.lists(PLAIN | ODD | LONG, min_size=1))
def test_two_words_have_the_same_key_only_if_they_are_the_same(texts):
    gathered = Gathered([spaced(text) for text in texts])
    words = gathered.some(np.arange(len(gathered)))
    keyed = [at for at in range(len(words)) if not gathered.long[at]]
    assert all(len(word.encode()) > LONGEST for word, long in zip(words, gathered.long, strict=True) if long)
    keys = list(zip(*(key.tolist() for key in gathered.keys), strict=True))
    assert len({keys[at] for at in keyed}) == len({words[at] for at in keyed})


def test_nothing_is_found_in_no_texts():
    gathered = Gathered([])
    assert (len(gathered), gathered.counts.tolist(), gathered.some(np.arange(0))) == (0, [], [])


@pytest.mark.skipif(not FILES, reason="the corpora are not beside the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".jsonl.gz"))
def test_the_same_words_are_found_in_real_texts(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["body"] for line in islice(lines, ARTICLES)]
    assert found(texts) == [marked(text) for text in texts]
