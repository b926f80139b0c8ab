"""Who may do what in which hub: the roles that people hold, and the permissions that come with each.

Django's own permissions, given to a person or a group, count for what all hubs share: the register of law, categories,
topics, jurisdictions, regulators, and the making of hubs. For texts they count for nothing.
"""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    AUTHOR = "author", "Author: writes"
    APPROVER = "approver", "Approver: reads and approves"
    HUB_EDITOR = "hub_editor", "Hub editor: writes, publishes, withdraws, records checks"
    ADMINISTRATOR = "administrator", "Administrator: everything here, and who has which role"


def named(actions: str, models: str, app: str = "regulators") -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for action in actions.split() for model in models.split())


EVERY = "add change delete view"
# What all hubs share: forms offer it, so whoever has a role may read it. Lists of links and sources are narrowed.
SHARED = named("view", "category topic link sourcetext", "articles")
SHARED |= named("view", "jurisdiction regulator regulatorname website")
READING = named("view", "article", "articles") | named("view", "hub responsibility fact")
WRITING = READING | named("add change", "article", "articles") | named("change", "hub")
WRITING |= named(EVERY, "responsibility fact")
APPROVING = READING | named("approve", "article", "articles") | named("approve", "hub")
PUBLISHING = WRITING | named("publish check", "article", "articles") | named("publish check", "hub")
# Sources of the hub alone, and the hub's own regulator; see regulators.rights.
PUBLISHING |= (
    named("change", "sourcetext", "articles") | named("change", "regulator") | named(EVERY, "regulatorname website")
)
ADMINISTERING = PUBLISHING | APPROVING | named("delete", "article", "articles") | named(EVERY, "membership")
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.AUTHOR: WRITING | SHARED,
    Role.APPROVER: APPROVING | SHARED,
    Role.HUB_EDITOR: PUBLISHING | SHARED,
    Role.ADMINISTRATOR: ADMINISTERING | SHARED,
}
# These come with a role and in no other way.
OF_HUBS = ADMINISTERING - SHARED - named(EVERY, "regulator regulatorname website")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_hubs_of(self, user: Any, permission: str) -> Self:
        """Those of the hubs in which the person has the permission."""
        return narrowed(self, "hub", user, permission)


class Membership(models.Model):
    """A role of a person in a hub; a person may have several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="memberships",
        help_text="Accounts that may sign in to the desk.",
    )
    hub = models.ForeignKey("regulators.Hub", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("hub__slug", "user__username", "role")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "hub", "role"],
                name="role_once_per_hub",
                violation_error_message="This person has this role in this hub already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {Role(self.role).label.partition(':')[0].lower()}"


def roles(user: Any) -> list[tuple[int, str]]:
    """Pairs of hub number and role, asked once for each object of the user, as Django does with permissions."""
    if not hasattr(user, "_memberships"):
        user._memberships = list(Membership.objects.filter(user=user.pk).order_by().values_list("hub_id", "role"))
    held: list[tuple[int, str]] = user._memberships
    return held


def hubs_granting(user: Any, permission: str) -> frozenset[int]:
    """The numbers of the hubs in which one of the person's roles has the permission."""
    if not user.is_active:
        return frozenset()
    return frozenset(hub for hub, role in roles(user) if permission in PERMISSIONS[role])


def narrowed(rows: Any, hub: str, user: Any, permission: str) -> Any:
    """The rows whose `hub` is one in which the person has the permission; all of them for a superuser."""
    if user.is_active and user.is_superuser:
        return rows
    return rows.filter(**{f"{hub}__in": hubs_granting(user, permission)})
