"""The site map. Staff addresses first, then the hubs, then what stands beside them."""

from django.contrib import admin
from django.urls import path, re_path

from articles.views import article_compare, article_compare_chosen, article_detail, article_version
from elendihub import changes_views, deadlines, editor, errors, law, trust_views, views
from elendihub.evidence.views import article_evidence, evidence, hub_evidence, selection_evidence, verify_program
from legislation.views import api_check, check_text
from regulators.views import hub_compare, hub_compare_chosen, hub_detail, hub_version

urlpatterns = [
    path("admin/markdown/preview/", editor.markdown_preview, name="markdown_preview"),
    path("admin/markdown/upload/", editor.image_upload, name="image_upload"),
    path("admin/", admin.site.urls),
    re_path(r"^media/images/(?P<name>[0-9a-f]{32}-[0-9]{1,5}x[0-9]{1,5}\.webp)$", editor.media, name="media"),
    path("", views.home, name="home"),
    path("hubs/<slug:slug>/", hub_detail, name="hub_detail"),
    path("hubs/<slug:slug>/changes/", changes_views.hub_changes, name="hub_changes"),
    path("hubs/<slug:slug>/v/<int:number>/", hub_version, name="hub_version"),
    path("hubs/<slug:slug>/compare/", hub_compare_chosen, name="hub_compare_chosen"),
    path("hubs/<slug:slug>/compare/<int:old>...<int:new>/", hub_compare, name="hub_compare"),
    path("hubs/<slug:hub>/<slug:slug>/", article_detail, name="article_detail"),
    path("hubs/<slug:hub>/<slug:slug>/v/<int:number>/", article_version, name="article_version"),
    path("hubs/<slug:hub>/<slug:slug>/compare/", article_compare_chosen, name="article_compare_chosen"),
    path("hubs/<slug:hub>/<slug:slug>/compare/<int:old>...<int:new>/", article_compare, name="article_compare"),
    path("trust/", trust_views.trust, name="trust"),
    path("trust/<slug:name>/", trust_views.trust_list, name="trust_list"),
    path("hubs/<slug:slug>/evidence.zip", hub_evidence, name="hub_evidence"),
    path("hubs/<slug:hub>/<slug:slug>/evidence.zip", article_evidence, name="article_evidence"),
    path("evidence/", evidence, name="evidence"),
    path("evidence/verify.py", verify_program, name="verify_program"),
    path("evidence.zip", selection_evidence, name="selection_evidence"),
    path("changes/", changes_views.changes, name="changes"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines.ics", deadlines.deadlines_calendar, name="deadlines_calendar"),
    path("hubs/<slug:slug>/deadlines.ics", deadlines.hub_deadlines_calendar, name="hub_deadlines_calendar"),
    path(
        "law/<slug:slug>/deadlines.ics", deadlines.instrument_deadlines_calendar, name="instrument_deadlines_calendar"
    ),
    path("feeds/hubs/<slug:slug>.atom", views.hub_feed, name="hub_feed"),
    path("law/", law.law, name="law"),
    path("law/<slug:slug>/", law.instrument_detail, name="instrument_detail"),
    path("law/<slug:slug>/<slug:provision>/", law.provision_detail, name="provision_detail"),
    path("cite/", law.cite, name="cite_form"),
    path("cite/<path:line>", law.cite, name="cite"),
    path("glossary/", law.glossary, name="glossary"),
    path("feeds/hubs/<slug:slug>/changes.atom", changes_views.hub_changes_feed, name="hub_changes_feed"),
    path("feeds/changes.atom", changes_views.changes_feed, name="changes_feed"),
    path("check/", check_text, name="check_text"),
    path("api/v1/check", api_check, name="api_check"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
