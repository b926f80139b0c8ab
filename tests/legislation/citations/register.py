"""A register of law for the tests: the core acts with their extents, and some names as an editor would add them."""

from legislation.citations import Act, Extent, Register

ROMAN = tuple("I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII".split())


def extent(last: str, *more: str, is_open_lettered: bool = False) -> Extent:
    return Extent("1" if last.isdecimal() else "I", last, frozenset(more), is_open_lettered)


ACTS = (
    Act(
        "MDR",
        "MDR",
        ("2017/745", "Medical Device Regulation", "Medical Devices Regulation"),
        {
            "article": extent("123", "10a"),
            "annex": extent("XVII"),
            "chapter": extent("X"),
            "recital": extent("101"),
            "rule": extent("22"),
        },
        {
            "22": ("1", "2", "3", "4", "5", "6"),
            "120": tuple("1 2 3 3a 3b 3c 3d 3e 3f 4 5 6 7 8 9 10 11 12 13".split()),
        },
    ),
    Act(
        "IVDR",
        "IVDR",
        (
            "2017/746",
            "In Vitro Diagnostic Regulation",
            "In Vitro Diagnostics Regulation",
            "In Vitro Diagnostic Medical Device Regulation",
            "In Vitro Diagnostic Medical Devices Regulation",
            "IVD Regulation",
        ),
        {
            "article": extent("113", "10a"),
            "annex": extent("XV"),
            "chapter": extent("X"),
            "recital": extent("101"),
            "rule": extent("7"),
        },
    ),
    Act(
        "MDD",
        "MDD",
        ("Directive 93/42/EEC", "Medical Device Directive", "Medical Devices Directive"),
        {"article": extent("23", is_open_lettered=True), "annex": extent("XII"), "rule": extent("18")},
    ),
    Act(
        "AIMDD",
        "AIMDD",
        (
            "Directive 90/385/EEC",
            "Active Implantable Medical Device Directive",
            "Active Implantable Medical Devices Directive",
        ),
        {"article": extent("17", is_open_lettered=True), "annex": extent("9")},
    ),
    Act(
        "IVDD",
        "IVDD",
        (
            "Directive 98/79/EC",
            "In Vitro Diagnostic Directive",
            "IVD Directive",
            "In Vitro Diagnostic Medical Devices Directive",
        ),
        {"article": extent("24", is_open_lettered=True), "annex": extent("X")},
    ),
    Act(
        "GDPR",
        "GDPR",
        ("2016/679", "General Data Protection Regulation"),
        {"article": extent("99"), "recital": extent("173"), "chapter": extent("XI")},
    ),
    Act(
        "EU-2024-1689",
        "AI Act",
        ("AIA", "Artificial Intelligence Act"),
        {"article": extent("113"), "annex": extent("XIII"), "recital": extent("180"), "chapter": extent("XIII")},
    ),
    Act("EU-2014-536", "Clinical Trials Regulation", ("CTR",)),
    Act("NO-LOV-2020-05-07-37", "Norwegian Medical Devices Act", ("lov om medisinsk utstyr",)),
    Act(
        "NO-FOR-2021-05-09-1476",
        "Norwegian Medical Devices Regulation",
        ("forskrift 1476", "forskrift om medisinsk utstyr"),
        {"paragraph": extent("20")},
    ),
    Act("EU-2019-6", "Veterinary Medicines Regulation", ("Transparency Rules",)),
)
REGISTER = Register(act for act in ACTS)
