"""The editors' desk: Django's admin under the site's own name. It never lets a text go."""

from contextlib import suppress
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

# What people write, shown however short it is; other values only from so many characters on.
WRITTEN = frozenset({"body", "label", "note", "overview", "summary", "text", "title"})
LONG = 60


class Desk(AdminSite):
    site_header = "ElendiHub editors’ desk"
    site_title = "ElendiHub desk"
    index_title = "What is live, what is scheduled, what waits"
    index_template = "admin/desk_index.html"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # One row at a time, on its own page, which says what hangs on it; the list's form fails over false numbers.
        self.disable_action("delete_selected")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self.has_permission(request) and request.method == "POST" and carries_text(request):
                return text_kept(request)
            return guarded(request, *args, **kwargs)

        return keeping

    def get_urls(self) -> list[Any]:
        # Leads from any row's number to its address, whoever asks: no page of the desk uses it.
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        # The library's view breaks over a relation that is asked for from its other end.
        app, model, name = (request.GET.get(key, "") for key in ("app_label", "model_name", "field_name"))
        with suppress(LookupError, FieldDoesNotExist):
            if not apps.get_model(app, model)._meta.get_field(name).auto_created:
                return super().autocomplete_view(request)
        raise PermissionDenied

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        counts = [
            model_admin.counts(request)
            for model_admin in self._registry.values()
            if hasattr(model_admin, "counts") and model_admin.has_view_or_change_permission(request)
        ]
        return super().index(request, {"counts": counts} | (extra_context or {}))


class DeskConfig(AdminConfig):
    default_site = "elendihub.dashboard.FrontDesk"


def carries_text(request: HttpRequest) -> bool:
    """Whether the request is a form of the desk with something in it that its sender would miss."""
    doors = {reverse("admin:login"), reverse("admin:logout")}
    return request.path.startswith(reverse("admin:index")) and request.path not in doors and bool(kept_fields(request))


def text_kept(request: HttpRequest) -> HttpResponse:
    """Everything that was sent, in a form that sends it again, for when the session or the form's token has ended."""
    fields = kept_fields(request)
    context = {
        **admin.site.each_context(request),
        "title": "Your text is still here",
        "shown_fields": [(name, value) for name, value in fields if is_shown(name, value)],
        "hidden_fields": [(name, value) for name, value in fields if not is_shown(name, value)],
    }
    response = TemplateResponse(request, "admin/session_ended.html", context, status=403)
    add_never_cache_headers(response)
    return response.render()


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]


def is_shown(name: str, value: str) -> bool:
    """Rows of a form are named as in `responsibilities-0-text`."""
    is_written = name.rpartition("-")[2] in WRITTEN and value != ""
    return is_written or "\n" in value or len(value) > LONG
