from .hub import Fact, Hub, HubVersion, Responsibility
from .regulator import Jurisdiction, Regulator, RegulatorName, Website

__all__ = ["Fact", "Hub", "HubVersion", "Jurisdiction", "Regulator", "RegulatorName", "Responsibility", "Website"]
