"""The site map with the pages of the law, which citations lead to."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from elendihub import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def law_page(request: HttpRequest, **names: str) -> HttpResponse:
    return HttpResponse(" ".join(names.values()))


urlpatterns = [
    *urls.urlpatterns,
    path("law/<slug:slug>/", law_page, name="instrument_detail"),
    path("law/<slug:slug>/<slug:provision>/", law_page, name="provision_detail"),
]
