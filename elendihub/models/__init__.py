from .audit import AuditEntry
from .autosave import Autosave
from .comment import ReviewComment
from .generation import Generation
from .opening import Opening
from .tally import Tally

__all__ = ["AuditEntry", "Autosave", "Generation", "Opening", "ReviewComment", "Tally"]
