"""What the Markdown editor asks for while somebody writes, and the pictures it stored.

These views stand in for the library's own, which render unsanitised and store any file for anybody.
"""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from elendihub import images, markdown, pictures
from elendihub.errors import SESSION_ENDED
from legislation.listing import listed
from legislation.rendering import render

EDITING = ("articles.change_article", "regulators.change_hub")
# The script shows an answer only when it carries this mark, so that no page from elsewhere gets into the form.
MARK = "X-Preview"


@never_cache
@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """A fragment of sanitised HTML, the list of its citations in an aside at its end.

    A refusal is a fragment too, so that whoever inserts it inserts something safe.
    """
    if refusal := refused(request.user):
        return HttpResponse(format_html('<p class="errornote">{}</p>', refusal), headers={MARK: "refused"})
    return HttpResponse(fragment_of(request.POST.get("content", "")), headers={MARK: "text"})


def fragment_of(source: str) -> str:
    try:
        text = render(source)
    except markdown.TooLong as error:
        return format_html('<p class="errornote">{}</p>', error)
    return text.html + render_to_string("admin/_preview_citations.html", {"list": listed(text.citations)})


@never_cache
@require_POST
def image_upload(request: HttpRequest) -> JsonResponse:
    """Stores the file of the field `image`, drawn again, and answers with the Markdown for it."""
    if refusal := refused(request.user):
        return JsonResponse({"error": refusal}, status=403)
    file = request.FILES.get("image")
    if file is None:
        return JsonResponse({"error": "No picture came with the request. Choose one and try again."}, status=400)
    limits = {"max_bytes": settings.IMAGE_MAX_BYTES, "max_pixels": settings.IMAGE_MAX_PIXELS}
    try:
        picture = images.redrawn(file.read(settings.IMAGE_MAX_BYTES + 1), **limits)
    except images.Refused as error:
        return JsonResponse({"error": str(error)}, status=400)
    address = default_storage.url(pictures.keep(picture))
    return JsonResponse({"image_code": f"![describe this image]({address})"})


@require_safe
def media(request: HttpRequest, name: str) -> HttpResponse:
    """A stored picture. The route lets only names pass that image_upload makes; what is there never changes."""
    try:
        data = pictures.path_of(name).read_bytes()
    except FileNotFoundError:
        raise Http404("No picture has this name.") from None
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type="image/webp", headers=headers)


def refused(user: User | AnonymousUser) -> str:
    """Why this user may not write here; empty when they may."""
    if not user.is_authenticated:
        return SESSION_ENDED
    if user.is_active and user.is_staff and any(user.has_perm(name) for name in EDITING):
        return ""
    return "You may not change texts here. Ask an administrator for the right to."
