"""Pages of the law: index, instrument, provision with every article that cites it, look-up, glossary."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import citing
from elendihub import law_data
from legislation import answers, dates, outline, paragraphs, reach, shelves, sources, typed
from legislation.glossary import letters
from legislation.models import Amendment, Instrument, Provision


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    instruments = Instrument.objects.all()
    context = {
        "shelves": shelves.fill(instruments, citing.count_by_instrument(at), at.date()),
        "total": len(instruments),
        "structured_data_html": law_data.index_data(),
    }
    return render(request, "elendihub/law.html", context)


@require_safe
def instrument_detail(request: HttpRequest, slug: str) -> HttpResponse:
    if slug != slug.lower():
        return redirect("instrument_detail", slug.lower(), permanent=True)
    at = timezone.now()
    instrument = get_object_or_404(Instrument, slug=slug)
    amendments = list(Amendment.objects.touching(instrument).newest_first())
    context = {
        "instrument": instrument,
        "dates": dates.of(instrument),
        "host": sources.host(instrument.source_url()),
        "outline": outline.build(instrument.provisions.in_order(), citing.count_by_provision(instrument, at)),
        "amended": reach.by_act(row for row in amendments if row.by_id != instrument.pk),
        "amends": reach.by_target(row for row in amendments if row.by_id == instrument.pk),
        "clocks": reach.clocks_of(instrument),
        "relations": reach.relations_of(instrument),
        "cited": citing.of_instrument(instrument, at),
        "structured_data_html": law_data.instrument_data(instrument),
    }
    return render(request, "elendihub/instrument_detail.html", context)


@require_safe
def provision_detail(request: HttpRequest, slug: str, provision: str) -> HttpResponse:
    if (slug, provision) != (slug.lower(), provision.lower()):
        return redirect("provision_detail", slug.lower(), provision.lower(), permanent=True)
    at = timezone.now()
    found = Provision.objects.at_address(slug, provision).first()
    if found is None:
        return answered(request, answers.at_address(slug, provision))
    cited = citing.of_provision(found, at)
    context = {
        "provision": found,
        "instrument": found.instrument,
        "host": sources.host(found.source_url()),
        "paragraphs": paragraphs.counted(found, cited.by_paragraph),
        "amendments": list(found.amendments.newest_first().select_related("by")),
        "neighbours": Provision.objects.beside(found),
        "parts": found.parts(),
        "clocks": reach.clocks_of(found.instrument),
        "cited": cited,
        "structured_data_html": law_data.provision_data(found),
    }
    return render(request, "elendihub/provision_detail.html", context)


@require_safe
def cite(request: HttpRequest, line: str = "") -> HttpResponse:
    """What a person typed, in the path or as ?q=, leads to its place in the law or is explained."""
    line = " ".join((line or request.GET.get("q", "")).split())
    if not line:
        return redirect("law")
    if len(line) > typed.LONGEST:
        return answered(request, answers.too_long(line), status=400)
    return answered(request, answers.answer(line), line)


def answered(request: HttpRequest, answer: answers.Answer, line: str = "", status: int = 404) -> HttpResponse:
    """The place itself, or what was understood, what is unknown and what is near."""
    if answer.address:
        return redirect(answer.address)
    return render(request, "elendihub/cite.html", {"answer": answer, "line": line}, status=status)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    found = letters()
    context = {
        "letters": found,
        "total": sum(len(letter.entries) for letter in found),
        "structured_data_html": law_data.glossary_data(),
    }
    return render(request, "elendihub/glossary.html", context)
