"""The anonymous front door: pages, and the chat included by name (public code never reaches conversations)."""

from django.urls import include, path, register_converter

from helpline.public import finding, seals, signposts, updates, views

handler400 = "helpline.web.views.bad_request"
handler403 = "helpline.web.views.permission_denied"
handler404 = "helpline.web.views.page_not_found"
handler500 = "helpline.web.views.server_error"

register_converter(seals.Span, "span")

urlpatterns = [
    path("", views.page, {"name": "home"}, name="home"),
    path("about/", views.page, {"name": "about"}, name="about"),
    path("confidentiality/", views.page, {"name": "confidentiality"}, name="confidentiality"),
    path("digital-safety/", views.page, {"name": "digital-safety"}, name="digital-safety"),
    path("other-lines/", views.page, {"name": "other-lines"}, name="other-lines"),
    path("find-help/", finding.find_help, name="find-help"),
    path("summary/", finding.summary, name="summary"),
    path(".well-known/security.txt", signposts.security, name="security"),
    path("robots.txt", signposts.robots, name="robots"),
    path("sitemap.xml", signposts.sitemap, name="sitemap"),
    path("receipt/", views.receipt, name="receipt"),
    path("figures/feed.xml", seals.feed, name="figures-feed"),
    path("figures/<span:when>/sealed.json", seals.sealed, name="figures-sealed"),
    path("figures/<span:when>/signatures.json", seals.signatures, name="figures-signatures"),
    path("figures/<span:when>/certificate.json", seals.certificate, name="figures-certificate"),
    path(
        "figures/mi/", include(("helpline.public.figures_urls", "figures"), namespace="figures-mi"), {"language": "mi"}
    ),
    path("figures/", include(("helpline.public.figures_urls", "figures")), {"language": "en"}),
    path("updates/feed.xml", updates.feed, name="updates-feed"),
    path(
        "updates/mi/", include(("helpline.public.updates_urls", "updates"), namespace="updates-mi"), {"language": "mi"}
    ),
    path("updates/", include(("helpline.public.updates_urls", "updates"))),
    path("directory/api/", include("helpline.directory.urls")),
    path("chat/", include("helpline.channels.webchat.urls")),
]
