from articles import checks


def test_two_distributions_of_whoosh_are_refused(monkeypatch):
    monkeypatch.setattr(checks, "packages_distributions", lambda: {"whoosh": ["Whoosh", "whoosh3"]})
    [error] = checks.one_whoosh(None)
    assert error.id == "articles.E001"
    assert "Whoosh and whoosh3" in error.msg
    assert "Uninstall" in error.hint


def test_one_is_what_is_installed():
    assert checks.one_whoosh(None) == []
