"""Small segments made by hand: words between spaces, each its own form and the term of its first five letters."""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
from whoosh.util.numeric import length_to_byte

from articles.search.engine.schema import KEY
from articles.search.engine.segments.output import Chunk, SegmentOutput
from articles.search.engine.segments.segment import Segment

STEM = 5


def forms_in(segment, entries):
    """Forms of a segment in their order, by both ways to them."""
    content, bounds = segment.form_bytes(entries)
    forms = [content[start:end].tobytes() for start, end in pairwise(bounds.tolist())]
    assert forms == list(map(segment.form, entries))
    return forms


def text_chunk(texts):
    """The chunk of a text field of which `texts` are the values, document by document."""
    found = defaultdict(list)
    for number, text in enumerate(texts):
        for place, word in enumerate(text.split()):
            found[word[:STEM].encode()].append((number, place, word.encode()))
    terms = sorted(found)
    names = [tuple(sorted({form for *_, form in found[term]})) for term in terms]
    places = [(at, number, place, form) for at, term in enumerate(terms) for number, place, form in found[term]]
    postings = defaultdict(int)
    for at, number, *_ in places:
        postings[at, number] += 1
    return Chunk(
        terms,
        np.bincount([at for at, _ in postings], minlength=len(terms)),
        np.array([number for _, number in postings], "i8"),
        np.array(list(postings.values()), "i8"),
        np.array([place for _, _, place, _ in places], "i8"),
        np.array([names[at].index(form) for at, *_, form in places], "i8"),
        names,
    )


def exact_chunk(values):
    """The chunk of a field of whole values; `values` are those of each document."""
    found = defaultdict(list)
    for number, several in enumerate(values):
        for value in sorted(set(several)):
            found[value.encode()].append(number)
    terms = sorted(found)
    frequencies = np.array([len(found[term]) for term in terms], "i8")
    ids = np.array([number for term in terms for number in found[term]], "i8")
    return Chunk(terms, frequencies, ids, None, None, None, [()] * len(terms))


def write_segment(path: Path, documents, texts=(), exacts=(), numbers=(), first=1, languages=None):
    """`documents` map fields to texts, lists of values and numbers; their keys are doc.1 and so on."""
    keys = [f"doc.{number}" for number in range(first, first + len(documents))]
    lengths = {name: [len(document.get(name, "").split()) for document in documents] for name in texts}
    output = SegmentOutput(path)
    output.documents(
        keys,
        {name: np.array([length_to_byte(length) for length in each], "u1") for name, each in lengths.items()},
        {name: sum(each) for name, each in lengths.items()},
        {name: np.array([document[name] for document in documents]) for name in numbers},
        languages or {},
    )
    chunks = {name: text_chunk([document.get(name, "") for document in documents]) for name in texts}
    chunks |= {name: exact_chunk([document.get(name, []) for document in documents]) for name in exacts}
    chunks[KEY] = exact_chunk([[key] for key in keys])
    for name in sorted(chunks):
        output.terms(name, chunks[name])
    output.close()
    return Segment(path)
