"""What a person reads of a pack: its index, the law cited, comparisons, and the note that says what it proves."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from elendihub import comparing
from elendihub.evidence import readable, verify
from elendihub.review import Outcome

CITED = "{title}. {site}, version {number}, {day}. {address}"


def index(record: dict[str, Any]) -> str:
    documents = [shown(record, document) for document in record["documents"]]
    titles = {document["folder"]: document["title"] for document in documents}
    changes = [change | {"title": titles[change["folder"]]} for change in record["changes"]]
    words = [change["what"] for change in changes]
    context = {
        "documents": documents,
        "changes": changes,
        "counted": [(words.count(each), each) for each in dict.fromkeys(words)],
    }
    return page("index", record, context)


def shown(record: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The document for the index, its newest version first and each with the line that cites it."""
    entries = [described(record, document, entry) for entry in reversed(document["versions"])]
    return document | {"title": entries[0]["title"], "versions": entries}


def described(record: dict[str, Any], document: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    if "kind" not in entry:
        return entry
    day = readable.words(entry["live_from"]).partition(",")[0]
    cited = CITED.format(**entry | {"site": record["site"]["name"], "day": day})
    return entry | {
        "is_public": True,
        "checks": [check | {"words": Outcome(check["outcome"]).label} for check in entry["checks"]],
        "cited": cited,
        "place": verify.place(document, entry),
        "kind_words": readable.KINDS.get(entry["kind"], entry["kind"]),
        "from_words": readable.words(entry["live_from"]),
        "until_words": readable.words(entry["live_until"]),
    }


def law(record: dict[str, Any], cited: dict[str, Any]) -> str:
    titles = {document["folder"]: document["versions"][-1]["title"] for document in record["documents"]}

    def told(item: dict[str, Any]) -> dict[str, Any]:
        places = [place | {"title": titles[place["folder"]]} for place in item["as_published"]]
        return item | {"as_published": places}

    instruments = [told(each) | {"provisions": map(told, each["provisions"])} for each in cited["cited"]]
    context = {"instruments": instruments, "unknown": told(cited["not_in_register"])}
    return page("law", record, context | {"moment_day": record["moment"][:10]})


def comparison(record: dict[str, Any], document: dict[str, Any], name: str, old: Any, new: Any) -> str:
    """For the file of that name; `old` and `new` are versions of the document."""
    entries = {entry["number"]: entry for entry in document["versions"]}
    sides = {"from": entries[old.number], "to": entries[new.number]}
    html = page("comparison", record, comparing.context(old, new) | {"sides": sides})
    return readable.offline(html, record, "../" * name.count("/"))


def readme(record: dict[str, Any]) -> str:
    words = {"moment_words": readable.words(record["moment"]), "since_words": readable.words(record["since"])}
    return render_to_string("evidence/readme.txt", {"record": record, **words})


def page(name: str, record: dict[str, Any], context: dict[str, Any]) -> str:
    frame = {
        "record": record,
        "moment_words": readable.words(record["moment"]),
        "since_words": readable.words(record["since"]),
        "policy": readable.POLICY,
        "style_html": mark_safe(readable.STYLE),  # noqa: S308 - a constant of the project
    }
    return render_to_string(f"evidence/{name}.html", frame | context)
