"""What anybody may ask of the law alone. A text to be checked is neither stored nor logged.

The two views change nothing and know no visitor, so that they need no token, and no cookie to carry one.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from elendihub import throttle
from legislation import checking, findings, pasted

# Rows of the page's table; the downloads hold all.
MOST_ROWS = 1_000
EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Retry-After",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}
UNKEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables()
def check_text(request: HttpRequest) -> HttpResponse:
    context: dict[str, Any] = {
        "most_kilobytes": checking.MOST_BYTES // 1000,
        "most_a_minute": settings.CHECKS_PER_MINUTE,
    }
    if request.method != "POST":
        return render(request, "legislation/check_text.html", context)
    text = ""
    try:
        text = pasted.text_of_form(request)
        report = checked(request, text)
    except pasted.Refused as refused:
        context |= {"text": text, "error": str(refused)}
        answer = render(request, "legislation/check_text.html", context, status=refused.status)
        return with_headers(answer, UNKEPT | retry_after(refused))
    if request.POST.get("format") in DOWNLOADS:
        return with_headers(DOWNLOADS[request.POST["format"]](report), UNKEPT)
    rows = report.findings[:MOST_ROWS]
    context |= {"text": text, "report": report, "rows": rows, "summary": findings.summary(report)}
    return with_headers(render(request, "legislation/check_text.html", context), UNKEPT)


@csrf_exempt
@sensitive_variables()
def api_check(request: HttpRequest) -> HttpResponse:
    """POST a text, get its citations: the shape is in findings.as_json."""
    if request.method == "OPTIONS":
        return with_headers(HttpResponse(status=204), UNKEPT | EVERYBODY | PREFLIGHT)
    if request.method != "POST":
        message = f"Send the text with POST: Content-Type {pasted.JSON} and {pasted.EXAMPLE}, or {pasted.PLAIN}."
        return with_headers(failure(message, 405), UNKEPT | EVERYBODY | {"Allow": "POST, OPTIONS"})
    try:
        report = checked(request)
    except pasted.Refused as refused:
        return with_headers(failure(str(refused), refused.status), UNKEPT | EVERYBODY | retry_after(refused))
    return with_headers(JsonResponse(findings.as_json(report)), UNKEPT | EVERYBODY)


@sensitive_variables()
def checked(request: HttpRequest, text: str | None = None) -> checking.Report:
    """The report on the text, or on the body of an API request. Raises pasted.Refused."""
    if not throttle.admit(request, settings.CHECKS_PER_MINUTE):
        raise pasted.Refused(
            f"More than {settings.CHECKS_PER_MINUTE} checks came from your address within a minute. "
            f"Try again in {throttle.seconds_left()} seconds.",
            429,
        )
    text = pasted.text_of_body(request) if text is None else text
    pasted.refuse_unreadable(text)
    return checking.check(text, timezone.localdate())


def retry_after(refused: pasted.Refused) -> dict[str, str]:
    return {"Retry-After": str(throttle.seconds_left())} if refused.status == 429 else {}


def failure(message: str, status: int) -> HttpResponse:
    return JsonResponse({"error": {"status": status, "message": message}}, status=status)


def with_headers(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


def csv_file(report: checking.Report) -> HttpResponse:
    attachment = {"Content-Disposition": 'attachment; filename="citations.csv"'}
    return HttpResponse(findings.as_csv(report), content_type="text/csv; charset=utf-8", headers=attachment)


def json_file(report: checking.Report) -> HttpResponse:
    attachment = {"Content-Disposition": 'attachment; filename="citations.json"'}
    return JsonResponse(findings.as_json(report), headers=attachment)


DOWNLOADS = {"csv": csv_file, "json": json_file}
