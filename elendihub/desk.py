"""The editors' desk: Django's admin under the site's own name."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class Desk(AdminSite):
    site_header = "ElendiHub editors’ desk"
    site_title = "ElendiHub desk"
    index_title = "What is live, what is scheduled, what waits"
    enable_nav_sidebar = False


class DeskConfig(AdminConfig):
    default_site = "elendihub.desk.Desk"
