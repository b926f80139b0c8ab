from .comment import HubComment
from .hub import Fact, Hub, Responsibility
from .hub_citation import HubCitation
from .hub_version import HubVersion
from .membership import Membership, Role
from .regulator import Jurisdiction, Regulator, RegulatorName, Website

__all__ = [
    "Fact",
    "Hub",
    "HubCitation",
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
