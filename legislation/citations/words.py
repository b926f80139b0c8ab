"""The vocabulary of the grammar: English and Norwegian words that head, part and join provisions."""

ARTICLE, ANNEX, CHAPTER, RECITAL, RULE, PARAGRAPH = "article", "annex", "chapter", "recital", "rule", "paragraph"
SECTION, POINT, PART, PARA, SUB, INDENT = "section", "point", "part", "para", "sub", "indent"
SENTENCE = "sentence"

HEADS = {
    "article": ARTICLE,
    "articles": ARTICLE,
    "art": ARTICLE,
    "arts": ARTICLE,
    "artikkel": ARTICLE,
    "artikkelen": ARTICLE,
    "artiklene": ARTICLE,
    "artikler": ARTICLE,
    "annex": ANNEX,
    "annexes": ANNEX,
    "annexe": ANNEX,
    "annexs": ANNEX,
    "vedlegg": ANNEX,
    "chapter": CHAPTER,
    "chapters": CHAPTER,
    "chap": CHAPTER,
    "chapt": CHAPTER,
    "chp": CHAPTER,
    "ch": CHAPTER,
    "kapittel": CHAPTER,
    "recital": RECITAL,
    "recitals": RECITAL,
    "fortalepunkt": RECITAL,
    "rule": RULE,
    "rules": RULE,
    "regel": RULE,
    "§": PARAGRAPH,
    "section": SECTION,
    "sections": SECTION,
    "sec": SECTION,
    "secs": SECTION,
    "sect": SECTION,
    "subsection": SECTION,
    "avsnitt": SECTION,
    "point": POINT,
    "points": POINT,
    "punkt": POINT,
    "nr": POINT,
    "no": POINT,
    "number": POINT,
    "item": POINT,
    "lit": POINT,
    "let": POINT,
    "letter": POINT,
    "bokstav": POINT,
    "part": PART,
    "parts": PART,
    "del": PART,
    "paragraph": PARA,
    "paragraphs": PARA,
    "para": PARA,
    "paras": PARA,
    "par": PARA,
    "sentence": SENTENCE,
    "subparagraph": SUB,
    "subparagraphs": SUB,
    "indent": INDENT,
    "indents": INDENT,
}
# Heads that a full stop may follow.
ABBREVIATED = frozenset("art arts sec secs sect par para paras lit let nr no ch chap chapt chp".split())
# "92 et seq." names the first of a row without an end, as "92 ff." does.
AND_FOLLOWING = frozenset(("seq", "seqq", "sequ", "seqs", "sequens"))
PLURAL_HEADS = frozenset(word for word in HEADS if word.endswith("s")) | {"artiklene", "artikler"}
UNITS = {
    "subparagraph": SUB,
    "subparagraphs": SUB,
    "indent": INDENT,
    "indents": INDENT,
    "paragraph": PARA,
    "paragraphs": PARA,
    "ledd": PARA,
    "strekpunkt": INDENT,
}
ORDINALS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first første",
            "second andre annet",
            "third tredje",
            "fourth fjerde",
            "fifth femte",
            "sixth sjette",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
        ),
        start=1,
    )
    for word in words.split()
}
ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
STANDALONE = frozenset((ARTICLE, ANNEX, CHAPTER, RECITAL, RULE, PARAGRAPH))
ANCHORS = frozenset((ARTICLE, ANNEX, PARAGRAPH))


def by_first_word(*marks: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    """The marks that begin with a word, the longest first."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for mark in sorted(marks, key=len, reverse=True):
        table.setdefault(mark[0], []).append(mark)
    return table


LIST_MARKS = by_first_word(
    (",", "and", "/", "or"),
    ("and", "/", "or"),
    ("as", "well", "as"),
    (",", "and"),
    (",", "or"),
    (",", "og"),
    (",", "&"),
    (",",),
    ("and",),
    ("or",),
    ("og",),
    ("eller",),
    ("samt",),
    ("&",),
    ("+",),
    ("/",),
)
RANGE_MARKS = by_first_word(("up", "to"), ("to",), ("-",), ("through",), ("til",))
INSIDE_MARKS = frozenset(
    word for row in (*LIST_MARKS.values(), *RANGE_MARKS.values()) for mark in row for word in mark[1:]
)
LIST_STARTS = LIST_MARKS.keys() | RANGE_MARKS.keys()

MONTHS = frozenset(
    "january february march april may june july august september october november december januar februar mars mai "
    "juni juli oktober desember".split()
)
# What a number counts: a number before one of these is not one of a list of provisions.
COUNTED = MONTHS | frozenset(
    "day days month months year years week weeks hour hours minute minutes percent working calendar business other "
    "further additional more different new notified devices class member types steps times dager måneder år".split()
)
SIGNS_OF_AMOUNT = ("%", "€", "$", "°")
