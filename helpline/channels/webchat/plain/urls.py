"""Where the page without JavaScript posts; the page itself is /live/plain."""

from django.urls import path

from helpline.channels.webchat.plain import views

app_name = "plain"
urlpatterns = [
    path("start", views.start, name="start"),
    path("again", views.again, name="again"),
    path("say", views.say, name="say"),
    path("keep", views.keep, name="keep"),
    path("return", views.come_back, name="return"),
    path("handover", views.handover, name="handover"),
    path("referrals/consent", views.consent, name="consent"),
    path("referrals/take-back", views.take_back, name="take_back"),
    path("referrals/ask-me", views.ask_me, name="ask_me"),
    path("referrals/say-how", views.say_how, name="say_how"),
    path("pause", views.pause, name="pause"),
    path("resume", views.resume, name="resume"),
    path("end", views.end, name="end"),
    path("erase", views.erase, name="erase"),
    path("survey", views.survey, name="survey"),
    path("leave", views.leave, name="leave"),
    path("gone", views.gone, name="gone"),
]
