"""The anonymous front door: pages, and the chat included by name (public code never reaches conversations).

Whatever a person reads is in both languages: /find-help/ and /mi/find-help/ (web/languages.py). What machines read, and
addresses that mails and other sites hold, stand outside.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, register_converter

from helpline.public import (
    contract,
    finding,
    pages,
    posters,
    questions,
    seals,
    shield,
    signposts,
    styleguide,
    updates,
    views,
)
from helpline.web import pictures

handler400 = "helpline.web.views.bad_request"
handler403 = "helpline.web.views.permission_denied"
handler404 = "helpline.public.pages.moved_or_missing"
handler500 = "helpline.web.views.server_error"

register_converter(seals.Span, "span")
register_converter(pages.PagePath, "page")

FIGURES = ("helpline.public.figures_urls", "figures")
EVENTS = ("helpline.public.events_urls", "events")
UPDATES = ("helpline.public.updates_urls", "updates")
CONSULTATIONS = ("helpline.public.consulting_urls", "consultations")

urlpatterns: list[URLPattern | URLResolver] = [
    path(".well-known/security.txt", signposts.security, name="security"),
    path("robots.txt", signposts.robots, name="robots"),
    path("sitemap.xml", signposts.sitemap, name="sitemap"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("contract/release.json", contract.release, name="contract-release"),
    path("figures/feed.xml", seals.feed, name="figures-feed"),
    path("figures/<span:when>/sealed.json", seals.sealed, name="figures-sealed"),
    path("figures/<span:when>/signatures.json", seals.signatures, name="figures-signatures"),
    path("figures/<span:when>/certificate.json", seals.certificate, name="figures-certificate"),
    path("figures/mi/", include(FIGURES, namespace="figures-mi")),
    path("updates/feed.xml", updates.feed, name="updates-feed"),
    path("updates/mi/", include(UPDATES, namespace="updates-mi")),
    path(
        "posters/files/<str:code>/<str:shape>/<str:language>/<str:place>/<str:name>", posters.file, name="poster-file"
    ),
    # It stands on paper, and in a square that has to stay small.
    path("p/<str:code>/", posters.visit, name="poster-visit"),
    path(pictures.ROUTE, pictures.picture, name="picture"),
    path("directory/api/", include("helpline.directory.urls")),
    *i18n_patterns(
        path("", views.page, {"name": "home"}, name="home"),
        path("about/", views.page, {"name": "about"}, name="about"),
        path("confidentiality/", views.page, {"name": "confidentiality"}, name="confidentiality"),
        path("digital-safety/", views.page, {"name": "digital-safety"}, name="digital-safety"),
        path("other-lines/", views.page, {"name": "other-lines"}, name="other-lines"),
        path("find-help/", finding.find_help, name="find-help"),
        path("summary/", finding.summary, name="summary"),
        path("receipt/", views.receipt, name="receipt"),
        path("contract/", contract.page, name="contract"),
        path("shield/", shield.for_partners, name="shield"),
        path("shield/frame/", shield.frame, name="shield-frame"),
        path("figures/", include(FIGURES)),
        path("updates/", include(UPDATES)),
        path("faq/", questions.listed, name="faq"),
        path("faq/ask/", questions.ask, name="faq-ask"),
        path("faq/asked/", questions.asked, name="faq-asked"),
        path("faq/<slug:slug>/", questions.one, name="question"),
        path("faq/<slug:slug>/useful/", questions.useful, name="question-useful"),
        path("posters/", posters.gallery, name="posters"),
        path("posters/order/", posters.order, name="poster-order"),
        path("posters/ordered/", posters.ordered, name="poster-ordered"),
        path("posters/<str:code>/", posters.one, name="poster"),
        path("posters/<str:code>/named/", posters.named, name="poster-named"),
        path("consultations/", include(CONSULTATIONS)),
        path("events/", include(EVENTS)),
        path("chat/", include("helpline.channels.webchat.urls")),
        # Last, since a page of an editor's may have any address that is nobody else's.
        path("<page:path>/", pages.page, name="page"),
        prefix_default_language=False,
    ),
]
