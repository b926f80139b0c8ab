"""The site map with the addresses of law pages, for tests that print links to them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from elendihub import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def page(request: HttpRequest, **names: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    *urls.urlpatterns,
    path("law/<slug:slug>/", page, name="instrument_detail"),
    path("law/<slug:slug>/<slug:provision>/", page, name="provision_detail"),
]
