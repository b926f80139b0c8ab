"""The answer to `user.has_perm(permission, row)`: by the person's roles in the hub that the row belongs to.

A row of several hubs, as a source may be, asks for the permission in each. Without a row the answer says whether any
hub grants the permission: what the desk asks before it shows a list.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import F

from regulators.models.hub import Hub
from regulators.models.membership import OF_HUBS, PERMISSIONS, SHARED, hubs_granting, roles
from regulators.models.regulator import Regulator

CHANGE_REGULATOR = "regulators.change_regulator"


class HubBackend(ModelBackend):
    """Signs in as Django does. A class, because Django asks for one."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous:
            return set()
        site_wide = super().get_all_permissions(user_obj)
        return site_wide if user_obj.is_superuser else (site_wide - OF_HUBS) | granted(user_obj, obj)


def granted(user: Any, row: Any) -> frozenset[str]:
    """What the person's roles permit with the row, or anywhere when it is None."""
    held = roles(user)
    if row is None:
        return joined(role for _, role in held)
    shared = joined(role for _, role in held) & SHARED
    if isinstance(row, Regulator):
        return shared | {CHANGE_REGULATOR} if row.pk in own_regulators(user) else shared
    of_each = [joined(role for number, role in held if number == hub) for hub in hubs_of(row)]
    return shared | frozenset.intersection(*of_each) if of_each else shared


def joined(names: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(PERMISSIONS[name] for name in names))


def hubs_of(row: Any) -> set[int]:
    """The numbers of the hubs that the row is, names, or stands in through its articles; empty when of no hub."""
    if isinstance(row, Hub):
        return {row.pk}
    if hasattr(row, "hub_numbers"):
        numbers: set[int] = row.hub_numbers()
        return numbers
    hub = getattr(row, "hub_id", None) or getattr(getattr(row, "article", None), "hub_id", None)
    return {hub} if hub else set()


def own_regulators(user: Any) -> frozenset[int]:
    """Those of the person's hubs that supervise the hub's own jurisdiction and stand in no hub of another."""
    if not hasattr(user, "_own_regulators"):
        abroad = Hub.objects.exclude(jurisdiction=F("regulator__jurisdiction")).order_by().values("regulator")
        own = Regulator.objects.filter(hubs__in=hubs_granting(user, CHANGE_REGULATOR)).exclude(pk__in=abroad)
        user._own_regulators = frozenset(own.order_by().values_list("pk", flat=True))
    held: frozenset[int] = user._own_regulators
    return held
