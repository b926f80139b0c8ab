"""What the desk does while somebody writes: keeps unsaved text, says who else has it open, shows what others remark."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from elendihub import autosave, comments, openings
from elendihub.models import Opening


class WritingAdmin(admin.ModelAdmin):
    class Media:
        js = ("js/autosave.js",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return comments.counted(super().get_queryset(request))

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        # Without the desk's own guard, which answers an ended session with a page; autosave.keep answers with a word.
        keep = never_cache(autosave.keep)
        guarded, own = self.admin_site.admin_view, {"model_admin": self}
        return [
            path("add/autosave/", keep, own, name=f"{name}_autosave_new"),
            path("<path:object_id>/autosave/", keep, own, name=f"{name}_autosave"),
            path("<path:object_id>/comments/", guarded(comments.page), own, name=f"{name}_comments"),
            path(
                "<path:object_id>/comments/<int:number>/resolve/",
                guarded(comments.resolve),
                own,
                name=f"{name}_comments_resolve",
            ),
            *super().get_urls(),
        ]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST" and (done := autosave.decided(self, request, object_id)):
            return done
        return super().changeform_view(request, object_id, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        number = str(form.instance.pk)
        autosave.forget(self, request, number if change else None)
        Opening.objects.of(self.opts.label_lower, number).filter(user=request.user.pk).delete()

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        document = context["original"]
        if self.has_change_permission(request, document) if document else self.has_add_permission(request):
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            form = context["adminform"].form
            context["autosave"] = autosave.context(self, request, document, form, formsets)
        if document:
            context["opened"] = openings.by_others(request.user, document)
            if request.method in ("GET", "HEAD") and self.has_change_permission(request, document):
                Opening.objects.record(request.user, self.opts.label_lower, str(document.pk))
            if comments.may_comment(self, request, document):
                context["comments"] = comments.context(self, document)
        return super().render_change_form(request, context, *args, **kwargs)
