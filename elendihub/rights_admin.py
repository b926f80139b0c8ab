"""Rights at the desk: asked about each row, and rows that somebody may not see are to them as if there were none."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest


class RightsAdmin(admin.ModelAdmin):
    def may(self, request: HttpRequest, action: str, obj: Any = None) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete", obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "view", obj) or self.may(request, "change", obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return self.visible(super().get_queryset(request), request)

    def visible(self, rows: Any, request: HttpRequest) -> Any:
        """Those of the model's rows that the person may see."""
        if hasattr(rows, "of_hubs_of"):
            return rows.of_hubs_of(request.user, f"{self.opts.app_label}.view_{self.opts.model_name}")
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        choices = db_field.remote_field.model._default_manager.all()
        if hasattr(choices, "of_hubs_of"):
            # A row stands, and moves, only where its editor may also make one.
            right = f"{self.opts.app_label}.add_{self.opts.model_name}"
            kwargs.setdefault("queryset", choices.of_hubs_of(request.user, right))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # A pattern from an address may be none, or one that takes for ever.
        is_pattern = lookup.endswith("regex")
        return not is_pattern and self.is_own(lookup, request) and super().lookup_allowed(lookup, value, request)

    def is_own(self, lookup: str, request: HttpRequest) -> bool:
        """A relation that no filter of the list offers would answer questions about rows the list does not show."""
        first = lookup.partition("__")[0]
        try:
            field = self.opts.get_field(first)
        except FieldDoesNotExist:
            return True
        filters = [each[0] if isinstance(each, list | tuple) else each for each in self.get_list_filter(request)]
        return not field.is_relation or first in {each.partition("__")[0] for each in filters if isinstance(each, str)}
