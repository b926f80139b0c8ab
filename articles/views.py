from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import citing
from articles.models import Article
from articles.structured_data import article_data
from elendihub import preview


@require_safe
def article_detail(request: HttpRequest, hub: str, slug: str) -> HttpResponse:
    at = timezone.now()
    found = Article.objects.select_related("hub__jurisdiction").filter(hub__slug=hub, slug=slug).first()
    if found is None:
        return moved(request, hub, slug)
    version = preview.shown(request, found, at)
    context = {
        "article": found,
        "version": version,
        "law_cited": citing.law_of(version),
        "related": found.hub.articles.live_versions(at).related_to(version),
        "structured_data_html": article_data(found, version),
    }
    return render(request, "articles/article_detail.html", context)


def moved(request: HttpRequest, hub: str, slug: str) -> HttpResponse:
    """The way from an address that an article had to the one it has, for preview links too."""
    article = Article.objects.formerly_at(hub, slug)
    if article is None or not preview.is_open(request, article, timezone.now()):
        raise preview.nothing(request)
    query = request.GET.urlencode()
    return redirect(article.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
