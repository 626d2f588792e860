"""The front door of services."""

from django.urls import include, path, register_converter

from helpline.portal import entries, inbox, links, talking, views
from helpline.vault.codes import CODE_PATTERN

handler400 = "helpline.web.views.bad_request"
handler403 = "helpline.web.views.permission_denied"
handler404 = "helpline.web.views.page_not_found"
handler500 = "helpline.web.views.server_error"


class SessionCode:
    regex = CODE_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(SessionCode, "session")

entry = [
    path("", entries.entry, name="entry"),
    path("capacity", entries.capacity, name="capacity"),
    path("sure", entries.make_sure, name="sure"),
    path("details", entries.change_details, name="details"),
    path("offers", entries.change_offers, name="offers"),
    path("what", entries.change_what, name="what"),
    path("needs", entries.change_needs, name="needs"),
    path("phones/add", entries.add_phone, name="add-phone"),
    path("phones/<uuid:row>/change", entries.change_phone, name="change-phone"),
    path("phones/<uuid:row>/remove", entries.remove_phone, name="remove-phone"),
    path("phones/<uuid:row>/hidden", entries.set_hidden, {"table": "phone"}, name="hide-phone"),
    path("hours/add", entries.add_hours, name="add-hours"),
    path("hours/<uuid:row>/remove", entries.remove_hours, name="remove-hours"),
    path("places/<uuid:row>/hidden", entries.set_hidden, {"table": "location"}, name="hide-place"),
    path("addresses/<uuid:row>/change", entries.change_address, name="change-address"),
]

# A page is asked for at one address and changes something at another.
urlpatterns = [
    path("", views.door, name="door"),
    path("questions/", views.questions, name="questions"),
    path("link", views.ask_for_link, name="ask-for-link"),
    path("come-in/<str:token>/", views.come_in, name="come-in"),
    path("come-in", views.use_link, name="use-link"),
    path("second-step/", views.second_step, name="second-step"),
    path("second-step/code", views.give_code, name="give-code"),
    path("join/", views.join, name="join"),
    path("join/take", views.take_up, name="take-up"),
    path("entries/", entries.entries, name="entries"),
    path("entries/<uuid:service>/", include(entry)),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/referrals/<session:code>/answer", inbox.answer, name="inbox-answer"),
    path("inbox/referrals/<session:code>/reached", inbox.say_reached, name="inbox-reached"),
    path("inbox/referrals/<session:code>/talk/", talking.talk, name="talk"),
    path("inbox/referrals/<session:code>/talk/join", talking.join_in, name="talk-join"),
    path("inbox/referrals/<session:code>/talk/news", talking.news, name="talk-news"),
    path("inbox/referrals/<session:code>/talk/say", talking.say, name="talk-say"),
    path("inbox/referrals/<session:code>/talk/leave", talking.leave_it, name="talk-leave"),
    path("inbox/rooms/<session:code>/answer", inbox.answer_room, name="inbox-room"),
    # For whoever has a link, without an account. The link's secrets stand behind the #: `/referral/#token.key`.
    path("referral/", links.referral, name="referral"),
    path("referral/read", links.read_referral, name="read-referral"),
    path("referral/answer", links.answer_referral, name="answer-referral"),
    path("referral/reached", links.say_reached, name="say-reached"),
    path("room/", links.asked_for_room, name="room"),
    path("room/read", links.read_room, name="read-room"),
    path("room/answer", links.answer_room, name="answer-room"),
    path("account/", views.account, name="account"),
    path("account/sessions/<session:code>/end", views.end_one, name="end-session"),
    path("account/sign-out-everywhere", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("sign-out", views.sign_out, name="sign-out"),
]
