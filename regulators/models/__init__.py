from .comment import HubComment
from .hub import Fact, Hub, HubVersion, Responsibility
from .regulator import Jurisdiction, Regulator, RegulatorName, Website

__all__ = [
    "Fact",
    "Hub",
    "HubComment",
    "HubVersion",
    "Jurisdiction",
    "Regulator",
    "RegulatorName",
    "Responsibility",
    "Website",
]
