"""Words of the directives that the MDR and the IVDR have replaced by others."""

import re
from collections.abc import Iterable, Iterator

from legislation.blocks import Block

from .finding import Finding
from .passages import passages

# What is written, and what to write instead. Sentences about a directive may use its words.
INSTEAD = {
    r"essential requirements?": "general safety and performance requirements (MDR Annex I, IVDR Annex I)",
    r"MEDDEV": "the MDCG document on the subject; say so when a MEDDEV guide still helps",
    r"NBOG": "the MDCG document on the subject",
    r"(?:EC|CE) declaration of conformity": "EU declaration of conformity (MDR Article 19, IVDR Article 17)",
    r"EC type.?examination": "EU type-examination (MDR Annex X, IVDR Annex X)",
    r"EC design.?examination": "assessment of the technical documentation (MDR Annex IX, IVDR Annex IX)",
    r"technical (?:construction )?files?": "technical documentation (MDR Annexes II and III, IVDR Annexes II and III)",
    r"competent authorit(?:y|ies) for CE(?:.?mark(?:ing)?)?": (
        "notified body: authorities supervise, and do not assess devices for CE marking"
    ),
    r"CE.?approv(?:ed|als?)": "CE marking, or the certificate of a notified body",
    r"own.?brand label+ers?": "manufacturer (MDR Article 2(30), IVDR Article 2(23))",
}
WRITTEN = re.compile(
    "|".join(rf"(?P<w{number}>\b{words}\b)" for number, words in enumerate(INSTEAD)).replace(" ", r"\s+"), re.IGNORECASE
)
CURES = tuple(INSTEAD.values())
OF_A_DIRECTIVE = re.compile(
    r"\b(?:directives?|MDD|AIMDD|IVDD|\d+/\d+/EE?C|legacy|former(?:ly)?|repealed|replaced|no longer)\b", re.IGNORECASE
)


def obsolete_terms(blocks: Iterable[Block]) -> Iterator[Finding]:
    for passage in passages(blocks, WRITTEN):
        if passage.is_quoted or OF_A_DIRECTIVE.search(passage.sentence):
            continue
        found = WRITTEN.fullmatch(passage.words)
        number = found.lastgroup if found else None
        if number:
            yield Finding(
                passage.line, f"“{passage.words}” is a word of the directives. Write: {CURES[int(number[1:])]}."
            )
