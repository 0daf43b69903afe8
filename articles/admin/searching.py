"""What editors keep for those who search: name rings, and searches to follow."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from .. import following, search
from ..models import FollowedSearch, NameRing
from ..models.names import distinct_slug, plain_slug
from ..search.names import ring_file
from ..search.names.rings import NAMES, RINGS, problems
from ..wording.archive import moment_time
from .fields import LineField, LinesField, TextField
from .forms import WIDE
from .spool import Spool

# Bytes of a file of rings: more than all that are possible have in any usual script.
LARGEST_FILE = 4_000_000
# The rest of what comes with it.
ENVELOPE = 20_000
# Followed searches, and the letters of an address: a mark behind it may tell it from another.
FOLLOWED, SLUG = 200, 60
# The marks that keep words of another direction apart in a sentence; nobody who edits a name would see them.
ISOLATES = {0x2068: None, 0x2069: None}


class NameRingForm(forms.ModelForm):
    names = LinesField(
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 10}),
        help_text=f"One on each line, 2 to {NAMES}. Case and accents do not tell names apart: Sha’abi is shaabi.",
    )

    class Meta:
        model = NameRing
        fields = ("names",)

    def clean_names(self) -> str:
        names = list(dict.fromkeys(self.cleaned_data["names"]))
        others = NameRing.objects.exclude(pk=self.instance.pk)
        wrong = list(problems(names, others))
        if not self.instance.pk and len(others) >= RINGS:
            wrong.append(f"There are {RINGS} rings, and no more are possible: delete one first, or add to one.")
        if wrong:
            raise ValidationError(wrong)
        return "\n".join(names)


class RingFileForm(forms.Form):
    file = forms.FileField(help_text="A text file in UTF-8: one ring on each line, names with commas between.")
    replace = forms.BooleanField(
        required=False,
        label="Keep no other rings",
        help_text="All rings become those of the file; where a line is refused, nothing is changed. "
        "Otherwise the file adds to what is there.",
    )

    def clean_file(self) -> str:
        try:
            return ring_file.decoded(b"".join(self.cleaned_data["file"].chunks()))
        except ring_file.NoText as error:
            raise ValidationError(str(error)) from error


@admin.register(NameRing)
class NameRingAdmin(admin.ModelAdmin):
    form = NameRingForm
    search_fields = ("names",)
    ordering = ("id",)
    list_per_page = 100
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("rings.txt", view(self.download_view), name="articles_namering_download"),
            path("upload/", view(csrf_exempt(self.upload_view)), name="articles_namering_upload"),
        ]
        return own + super().get_urls()

    def download_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = ring_file.write(NameRing.objects.all())
        headers = {"Content-Disposition": 'attachment; filename="name-rings.txt"'}
        return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)

    def may_take_in(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Who may not, and what is too large, is turned away unread: the check of the token reads all that comes."""
        if not self.may_take_in(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._upload_page(request, RingFileForm())
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + ENVELOPE:
            form = RingFileForm()
            words = f"The file is larger than {LARGEST_FILE:,} bytes, and nothing of it was taken in."
            return self._upload_page(request, form, status=413, problem=words)
        request.upload_handlers = [Spool(request)]
        return csrf_protect(self._take_in)(request)

    def _take_in(self, request: HttpRequest) -> HttpResponse:
        form = RingFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._upload_page(request, form)
        replace = form.cleaned_data["replace"]
        if replace and not self.has_delete_permission(request):
            raise PermissionDenied
        taken = ring_file.take_in(form.cleaned_data["file"], replace)
        return self._upload_page(request, RingFileForm(), taken=taken)

    def _upload_page(self, request: HttpRequest, form: RingFileForm, status: int = 200, **said: Any) -> HttpResponse:
        if not self.has_delete_permission(request):
            del form.fields["replace"]
        context = {
            **self.admin_site.each_context(request),
            "title": "Upload name rings",
            "opts": self.opts,
            "form": form,
            **said,
        }
        return TemplateResponse(request, "admin/articles/namering/upload.html", context, status=status)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        extra = {"may_take_in": self.may_take_in(request), **(extra_context or {})}
        return super().changelist_view(request, extra)


class FollowedSearchForm(forms.ModelForm):
    name = LineField(max_length=200, widget=WIDE)
    query = LineField(
        label="Search",
        max_length=8000,
        widget=WIDE,
        help_text="What you would type into the search box, or the address of a page of results.",
    )
    description = TextField(required=False, help_text="Shown under the name.")

    class Meta:
        model = FollowedSearch
        fields = ("name", "query", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asked := self.initial.get("query"):
            self.fields["query"].help_text = reading(following.asked(str(asked)))

    def clean_query(self) -> str:
        question = following.asked(self.cleaned_data["query"])
        wrong = list(question.notes)
        if question.is_open:
            wrong.append("This asks for nothing, so it would follow the whole archive: name a word, a tag or a date.")
        page = search.find(question.with_(size=1))
        if page.refused:
            wrong.extend(page.notes)
        query = question.querystring()
        if len(query) > (longest := FollowedSearch._meta.get_field("query").max_length or 0):
            wrong.append(f"As an address this has {len(query):,} characters; {longest:,} are possible. Ask for less.")
        if wrong:
            raise ValidationError(wrong)
        return query

    def clean(self) -> dict[str, Any]:
        if not self.instance.pk and FollowedSearch.objects.count() >= FOLLOWED:
            raise ValidationError(f"{FOLLOWED} searches are followed, and no more are possible: delete one first.")
        return super().clean() or {}


def reading(question: search.Question) -> SafeString:
    """What a search is read as, and how many articles it finds."""
    page = search.find(question.with_(size=1))
    words = following.sentence(page)
    return format_html(
        '<bdi>{}</bdi>: <a href="{}">{} article{}</a>. {}',
        words, question.url(), f"{page.total:,}", "" if page.total == 1 else "s", " ".join(page.notes),
    )  # fmt: skip


@admin.register(FollowedSearch)
class FollowedSearchAdmin(admin.ModelAdmin):
    form = FollowedSearchForm
    fields: ClassVar[Any] = ("name", "query", "description")
    list_display = ("name", "made")
    search_fields = ("name", "description")
    ordering = ("name", "id")
    list_per_page = 100
    show_full_result_count = False

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From the link on a page of results: its search, and a name to begin with."""
        given = {name: value for name, value in super().get_changeform_initial_data(request).items() if value}
        if "query" in given:
            question = following.asked(str(given["query"])).with_(size=1, sort=search.Sort.RELEVANCE)
            given.setdefault("name", following.sentence(search.find(question)).translate(ISOLATES)[:200])
        return given

    def save_model(self, request: HttpRequest, obj: FollowedSearch, form: ModelForm[Any], change: bool) -> None:
        """The address is made of the first name, and stays."""
        if not obj.slug:
            slug = plain_slug(obj.name)[:SLUG].strip("-")
            taken = set(FollowedSearch.objects.filter(slug=slug).values_list("slug", flat=True))
            obj.slug = distinct_slug(obj.name, slug, taken)
        super().save_model(request, obj, form, change)

    @admin.display(description="made")
    def made(self, followed: FollowedSearch) -> str:
        return moment_time(followed.created_at)

    def view_on_site(self, obj: FollowedSearch) -> str:
        return obj.get_absolute_url()
