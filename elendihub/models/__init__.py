from .audit import AuditEntry
from .generation import Generation
from .tally import Tally

__all__ = ["AuditEntry", "Generation", "Tally"]
