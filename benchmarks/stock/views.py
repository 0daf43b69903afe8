"""The page, out of Haystack's own parts."""

from __future__ import annotations

from haystack.forms import FacetedSearchForm
from haystack.generic_views import FacetedSearchView
from haystack.inputs import Raw
from haystack.query import SearchQuerySet


class WhooshForm(FacetedSearchForm):
    """What is typed goes to the parser of Whoosh, which knows OR, stars and tildes. Haystack's form takes them for
    words."""

    def search(self) -> SearchQuerySet:
        typed = self.cleaned_data.get("q") if self.is_valid() else ""
        if not typed:
            return self.no_query_found()
        found = self.searchqueryset.filter(content=Raw(typed)).load_all()
        for chosen in self.selected_facets:
            field, _, value = chosen.partition(":")
            found = found.narrow(f'{field}:"{found.query.clean(value)}"')
        return found


class Search(FacetedSearchView):
    form_class = WhooshForm
    # Years are values like the others, in its favour: ranges of dates would take it ten times as long.
    facet_fields = ["source", "section", "tags", "year"]
