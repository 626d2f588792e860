"""The staff front door."""

from django.urls import include, path, register_converter

from helpline.vault.codes import CODE_PATTERN
from helpline.workspace import views


class Code:
    regex = CODE_PATTERN

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

conversation = [
    path("accept", views.accept, name="accept"),
    path("decline", views.decline, name="decline"),
    path("retriage", views.retriage, name="retriage"),
    path("requeue", views.requeue, name="requeue"),
    path("grant", views.grant, name="grant"),
    path("words.json", views.words, name="words"),
    path("colleagues.json", views.colleagues, name="colleagues"),
    path("transfer", views.transfer, name="transfer"),
    path("close", views.close, name="close"),
    path("record.json", views.coded, name="coded"),
    path("record", views.record, name="record"),
]

urlpatterns = [
    path("", views.shell, name="shell"),
    path("sign-in/salt", views.salt, name="salt"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("keys.json", views.keys, name="keys"),
    path("desk.json", views.desk, name="desk"),
    path("presence", views.presence, name="presence"),
    path("break", views.answer_break, name="break"),
    path("c/<code:code>/", include(conversation)),
]
