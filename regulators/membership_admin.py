"""Who has which role, kept by the administrators of each hub for their own."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from elendihub.publishing_admin import DeskAdmin


class MembershipAdmin(DeskAdmin):
    list_display = ("user", "hub", "role")
    list_select_related = ("user", "hub")
    list_filter = (("hub", admin.RelatedOnlyFieldListFilter), "role")
    list_per_page = 50
    search_fields = ("user__username", "hub__title")
    fields = ("user", "hub", "role")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            # A plain list of names: to search accounts, as by their addresses, is another right.
            accounts = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
            kwargs["queryset"] = accounts.order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A role of another person, or elsewhere, is another row."""
        return ("user", "hub") if obj else ()
