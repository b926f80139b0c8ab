from .hub import Fact, Hub, HubVersion, Responsibility
from .membership import Membership, Role
from .regulator import Jurisdiction, Regulator, RegulatorName, Website

__all__ = [
    "Fact",
    "Hub",
    "HubVersion",
    "Jurisdiction",
    "Membership",
    "Regulator",
    "RegulatorName",
    "Responsibility",
    "Role",
    "Website",
]
