"""One page and what it posts; the page without JavaScript has its own addresses below `plain/`."""

from django.urls import include, path

from helpline.channels.webchat import views

app_name = "webchat"
urlpatterns = [
    path("", views.chat, name="chat"),
    path("framed/", views.chat, {"is_framed": True}, name="framed"),
    path("start", views.start, name="start"),
    path("state", views.state, name="state"),
    path("handover", views.handover, name="handover"),
    path("referrals", views.referrals, name="referrals"),
    path("referrals/consent", views.consent, name="consent"),
    path("referrals/take-back", views.take_back, name="take_back"),
    path("referrals/ask-me", views.ask_me, name="ask_me"),
    path("referrals/say-how", views.say_how, name="say_how"),
    path("leave", views.leave, name="leave"),
    path("pause", views.pause, name="pause"),
    path("resume", views.resume, name="resume"),
    path("regrant", views.regrant, name="regrant"),
    path("erase", views.erase, name="erase"),
    path("keep", views.keep, name="keep"),
    path("return", views.come_back, name="return"),
    path("return/take", views.take_over, name="take"),
    path("survey", views.survey, name="survey"),
    path("plain/", include("helpline.channels.webchat.plain.urls")),
]
