from .comment import HubComment
from .hub import Fact, Hub, HubVersion, Responsibility
from .membership import Membership, Role
from .regulator import Jurisdiction, Regulator, RegulatorName, Website

__all__ = [
    "Fact",
    "Hub",
    "HubComment",
    "HubVersion",
    "Jurisdiction",
    "Membership",
    "Regulator",
    "RegulatorName",
    "Responsibility",
    "Role",
    "Website",
]
