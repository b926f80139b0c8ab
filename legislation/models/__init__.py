from .deadline import Deadline, FormerDate, NationalDate
from .instrument import Instrument, InstrumentName, Relation
from .provision import Amendment, Provision
from .reach import Incorporation
from .term import Term

__all__ = [
    "Amendment",
    "Deadline",
    "FormerDate",
    "Incorporation",
    "Instrument",
    "InstrumentName",
    "NationalDate",
    "Provision",
    "Relation",
    "Term",
]
