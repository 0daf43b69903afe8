"""Each address of the desk as each role, by one table. An address that has no line in it fails, and so does a line that
has no address.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ..search.indexes import use_index_in
from .site import PEOPLE, Rows, as_person, asked, line_of, lines_of, routes, sign_of

pytestmark = pytest.mark.django_db

KEPT = ("published", "unlisted", "draft", "withheld", "for_staff", "tombstone")
# An article that is meant: in any state, in any but the trash, in the trash; a draft or an import of one's own or not.
WHICH = {"-": ("",), "any": (*KEPT, "trashed"), "kept": KEPT, "trashed": ("trashed",), "draft": ("draft",)}
WHICH |= {"own": ("own",), "other": ("",)}
# . is there, > leads elsewhere, L leads to the login, N may not, - not found, m not so (the method).
# In this order: stranger, reader, clerk (of the staff, without a right), contributor, editor, administrator, superuser.
# The contributor is whose own draft and import are meant. NAME stands for tag, section, source and author.
TABLE = """
# address                                                  which    get      post
/admin/health/                                             -        LLNN...  LLmmmmm
/admin/r/<place>                                           -        -------  -------
/admin/                                                    -        LL.....  LL.....
/admin/login/                                              -        ..>>>>>  .......
/admin/logout/                                             -        >>mmmmm  >>.....
/admin/password_change/                                    -        LL.....  LL.....
/admin/password_change/done/                               -        LL.....  LLmmmmm
/admin/autocomplete/                                       -        LLNNNNN  LLmmmmm
/admin/jsi18n/                                             -        LL.....  LLmmmmm
/admin/r/<content_type_id>/<object_id>/                    -        -------  -------
/admin/auth/group/                                         -        LLNNN..  LLNNN..
/admin/auth/group/add/                                     -        LLNNNN.  LLNNNN.
/admin/auth/group/<object_id>/history/                     -        LLNNN..  LLNNN..
/admin/auth/group/<object_id>/delete/                      -        LLNNNN.  LLNNNN.
/admin/auth/group/<object_id>/change/                      -        LLNNN..  LLNNNN.
/admin/auth/group/<object_id>/                             -        LL>>>>>  LL>>>>>
/admin/auth/user/<id>/password/                            -        LLNNN..  LLNNN..
/admin/auth/user/                                          -        LLNNN..  LLNNN..
/admin/auth/user/add/                                      -        LLNNN..  LLNNN..
/admin/auth/user/<object_id>/history/                      -        LLNNN..  LLNNN..
/admin/auth/user/<object_id>/delete/                       -        LLNNN..  LLNNN..
/admin/auth/user/<object_id>/change/                       -        LLNNN..  LLNNN..
/admin/auth/user/<object_id>/                              -        LL>>>>>  LL>>>>>
/admin/admin/logentry/                                     -        LLNNN..  LLNNN..
/admin/admin/logentry/add/                                 -        LLNNNNN  LLNNNNN
/admin/admin/logentry/<object_id>/history/                 -        LLNNN..  LLNNN..
/admin/admin/logentry/<object_id>/delete/                  -        LLNNNNN  LLNNNNN
/admin/admin/logentry/<object_id>/change/                  -        LLNNN..  LLNNNNN
/admin/admin/logentry/<object_id>/                         -        LL>>>>>  LL>>>>>
/admin/articles/namering/rings.txt                         -        LLNN...  LLNN...
/admin/articles/namering/upload/                           -        LLNN...  LLNN...
/admin/articles/namering/                                  -        LLNN...  LLNN...
/admin/articles/namering/add/                              -        LLNN...  LLNN...
/admin/articles/namering/<object_id>/history/              -        LLNN...  LLNN...
/admin/articles/namering/<object_id>/delete/               -        LLNN...  LLNN...
/admin/articles/namering/<object_id>/change/               -        LLNN...  LLNN...
/admin/articles/namering/<object_id>/                      -        LL>>>>>  LL>>>>>
/admin/articles/followedsearch/                            -        LLNN...  LLNN...
/admin/articles/followedsearch/add/                        -        LLNN...  LLNN...
/admin/articles/followedsearch/<object_id>/history/        -        LLNN...  LLNN...
/admin/articles/followedsearch/<object_id>/delete/         -        LLNN...  LLNN...
/admin/articles/followedsearch/<object_id>/change/         -        LLNN...  LLNN...
/admin/articles/followedsearch/<object_id>/                -        LL>>>>>  LL>>>>>
/admin/articles/original/<number>/download/                -        LLNN...  LLNN...
/admin/articles/original/<number>/verify/                  -        LLmmmmm  LLNN>>>
/admin/articles/original/                                  -        LLNN...  LLNN...
/admin/articles/original/add/                              -        LLNNNNN  LLNNNNN
/admin/articles/original/<object_id>/history/              -        LLNN...  LLNN...
/admin/articles/original/<object_id>/delete/               -        LLNNNNN  LLNNNNN
/admin/articles/original/<object_id>/change/               -        LLNN...  LLNNNNN
/admin/articles/original/<object_id>/                      -        LL>>>>>  LL>>>>>
/admin/articles/article/queue/                             -        LLNN>>>  LLNN>>>
/admin/articles/article/found/                             -        LLNN...  LLNN...
/admin/articles/article/copies/                            -        LLNN...  LLNN...
/admin/articles/article/copies/decide/                     -        LLmmmmm  LLNN>>>
/admin/articles/article/suggested-tags/                    -        LLNN...  LLNN>>>
/admin/articles/article/<number>/preview/                  any      LLNN...  LLNN...
/admin/articles/article/<number>/versions/                 any      LLNN...  LLNN...
/admin/articles/article/<number>/versions/<version>/restore/ kept     LLmmmmm  LLNN>>>
/admin/articles/article/<number>/versions/<version>/restore/ trashed  LLmmmmm  LLNN---
/admin/articles/article/<number>/versions/<version>/show/  kept     LLmmmmm  LLNN>>>
/admin/articles/article/<number>/versions/<version>/show/  trashed  LLmmmmm  LLNN---
/admin/articles/article/<number>/takedown/                 kept     LLNN...  LLNN...
/admin/articles/article/<number>/takedown/                 trashed  LLNN---  LLNN---
/admin/articles/article/trash/                             -        LLNN...  LLNN...
/admin/articles/article/trash/restore/                     -        LLmmmmm  LLNN>>>
/admin/articles/article/trash/delete/                      -        LLmmmmm  LLNNN>>
/admin/articles/article/                                   -        LLNN...  LLNN...
/admin/articles/article/add/                               -        LLNN...  LLNN...
/admin/articles/article/<object_id>/history/               kept     LLNN...  LLNN...
/admin/articles/article/<object_id>/history/               trashed  LL>>>>>  LL>>>>>
/admin/articles/article/<object_id>/delete/                kept     LLNN...  LLNN...
/admin/articles/article/<object_id>/delete/                trashed  LLNN>>>  LLNN>>>
/admin/articles/article/<object_id>/change/                kept     LLNN...  LLNN...
/admin/articles/article/<object_id>/change/                trashed  LLNN>>>  LLNN>>>
/admin/articles/article/<object_id>/                       any      LL>>>>>  LL>>>>>
/admin/articles/draft/                                     -        LLN.NN.  LLN.NN.
/admin/articles/draft/add/                                 -        LLN.NN.  LLN.NN.
/admin/articles/draft/<object_id>/history/                 draft    LL>>>>>  LL>>>>>
/admin/articles/draft/<object_id>/history/                 own      LL>.>>>  LL>.>>>
/admin/articles/draft/<object_id>/delete/                  any      LLNNNNN  LLNNNNN
/admin/articles/draft/<object_id>/change/                  draft    LLN>NN>  LLN>NN>
/admin/articles/draft/<object_id>/change/                  own      LLN.NN>  LLN.NN>
/admin/articles/draft/<object_id>/                         any      LL>>>>>  LL>>>>>
/admin/articles/fruitlesssearch/                           -        LLNN...  LLNN...
/admin/articles/fruitlesssearch/add/                       -        LLNNNNN  LLNNNNN
/admin/articles/fruitlesssearch/<object_id>/history/       -        LLNN...  LLNN...
/admin/articles/fruitlesssearch/<object_id>/delete/        -        LLNN...  LLNN...
/admin/articles/fruitlesssearch/<object_id>/change/        -        LLNN...  LLNNNNN
/admin/articles/fruitlesssearch/<object_id>/               -        LL>>>>>  LL>>>>>
/admin/articles/importjob/upload/                          -        LLN....  LLN....
/admin/articles/importjob/<number>/preview/                other    LLNN>>>  LLNN>>>
/admin/articles/importjob/<number>/preview/                own      LLN>>>>  LLN>>>>
/admin/articles/importjob/<number>/cancel/                 other    LLmmmmm  LLNN>>>
/admin/articles/importjob/<number>/cancel/                 own      LLmmmmm  LLN>>>>
/admin/articles/importjob/<number>/go-on/                  other    LLmmmmm  LLNN>>>
/admin/articles/importjob/<number>/go-on/                  own      LLmmmmm  LLN>>>>
/admin/articles/importjob/<number>/settle/                 other    LLmmmmm  LLNN>>>
/admin/articles/importjob/<number>/settle/                 own      LLmmmmm  LLN>>>>
/admin/articles/importjob/<number>/receipt/                other    LLNN...  LLNN...
/admin/articles/importjob/<number>/receipt/                own      LLN....  LLN....
/admin/articles/importjob/<number>/receipt/progress/       other    LLNN...  LLNN...
/admin/articles/importjob/<number>/receipt/progress/       own      LLN....  LLN....
/admin/articles/importjob/<number>/receipt.csv             other    LLNN...  LLNN...
/admin/articles/importjob/<number>/receipt.csv             own      LLN....  LLN....
/admin/articles/importjob/<number>/undo/                   other    LLNNN>>  LLNNN>>
/admin/articles/importjob/<number>/undo/                   own      LLN>N>>  LLN>N>>
/admin/articles/importjob/                                 -        LLN....  LLN....
/admin/articles/importjob/add/                             -        LLNNNNN  LLNNNNN
/admin/articles/importjob/<object_id>/history/             other    LL>>...  LL>>...
/admin/articles/importjob/<object_id>/history/             own      LL>....  LL>....
/admin/articles/importjob/<object_id>/delete/              any      LLNNNNN  LLNNNNN
/admin/articles/importjob/<object_id>/change/              other    LLN>>>>  LLNN>>>
/admin/articles/importjob/<object_id>/change/              own      LLN>>>>  LLN>>>>
/admin/articles/importjob/<object_id>/                     any      LL>>>>>  LL>>>>>
/admin/articles/NAME/merge/                                -        LLNNN..  LLNNN..
/admin/articles/NAME/                                      -        LLNN...  LLNN...
/admin/articles/NAME/add/                                  -        LLNN...  LLNN...
/admin/articles/NAME/<object_id>/history/                  -        LLNN...  LLNN...
/admin/articles/NAME/<object_id>/delete/                   -        LLNNN..  LLNNN..
/admin/articles/NAME/<object_id>/change/                   -        LLNN...  LLNN...
/admin/articles/NAME/<object_id>/                          -        LL>>>>>  LL>>>>>
/admin/<app_label>/                                        -        LL-....  LL-....
/admin/<url>                                               -        LL-----  LL-----
"""
LINES = [(address, state, get, post) for address, which, get, post in lines_of(TABLE) for state in WHICH[which]]


def test_every_address_of_the_desk_has_a_line_and_every_line_an_address():
    there = {line_of(route) for route in routes() if route.startswith("/admin/")}
    assert {address for address, *_ in LINES} == there


@pytest.mark.parametrize("person", PEOPLE)
def test_each_address_of_the_desk_is_open_to_those_whose_it_is(
    person: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    use_index_in(monkeypatch, tmp_path)
    client, rows, column = as_person(person), Rows(), PEOPLE.index(person)
    rows.give_draft_to(person if person == "contributor" else "somebody")
    otherwise = []
    for route in (route for route in routes() if route.startswith("/admin/")):
        for _, state, *expected in (line for line in LINES if line[0] == line_of(route)):
            address = rows.address(route, state)
            got = [sign_of(asked(client, method, address)) for method in ("get", "post")]
            if got != [signs[column] for signs in expected]:
                otherwise.append(f"{address} ({state}): {got}")
    assert not otherwise, "\n".join(otherwise)
