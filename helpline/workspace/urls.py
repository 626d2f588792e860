"""The staff front door."""

from django.urls import include, path, register_converter

from helpline.vault.codes import CODE_PATTERN
from helpline.workspace import (
    account,
    audit,
    blocks,
    board_views,
    carried,
    consulting,
    contract,
    editing,
    finding,
    holds,
    hosting,
    join,
    key_views,
    open_contract,
    passkeys,
    passphrase,
    posters,
    provider,
    questions,
    ready_answers,
    records,
    referrals,
    releasing,
    representatives,
    sign_in,
    staff,
    supervision,
    texting,
    texts,
    updating,
    views,
    wall,
)


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
    path("end-hard", views.end_hard, name="end_hard"),
    path("key", board_views.key, name="key"),
    path("reassign", board_views.reassign, name="reassign"),
    path("regrant", board_views.regrant, name="regrant"),
    path("reseal", key_views.reseal, name="reseal"),
    path("close-for", board_views.close_for, name="close_for"),
    path("record.json", views.coded, name="coded"),
    path("record", views.record, name="record"),
    path("record/draft", views.draft, name="draft"),
    path("read-along", supervision.read_along, name="read_along"),
    path("join", supervision.join, name="join"),
    path("leave", supervision.leave, name="leave"),
    path("three-way", supervision.three_way, name="three_way"),
    path("whisper", supervision.whisper, name="whisper"),
    path("company.json", supervision.beside_the_words, name="company"),
    path("whispers.json", supervision.whispers, name="whispers"),
    path("handover", supervision.handover, name="handover"),
    path("handover/answer", supervision.answer_handover, name="answer_handover"),
    path("handover/withdraw", supervision.withdraw_handover, name="withdraw_handover"),
    path("disclosure", supervision.disclosure, name="disclosure"),
    path("disclosure/answer", supervision.answer_disclosure, name="answer_disclosure"),
    path("disclosures.json", supervision.read_disclosures, name="disclosures"),
    path("find", finding.search, name="find"),
    path("tell", finding.tell, name="tell"),
    path("texting.json", texting.way, name="texting"),
    path("text-once", texting.text_once, name="text_once"),
    path("referrals/ask", referrals.refer, name="refer"),
    path("referrals/answer", referrals.answer, name="answer_referral"),
    path("referrals/withdraw", referrals.withdraw, name="withdraw_referral"),
    path("guest/pass-on", referrals.pass_on, name="pass_on"),
    path("room/ask", referrals.ask_for_room, name="ask_for_room"),
    path("room/end", referrals.end_room, name="end_room"),
    path("pathway", referrals.follow, name="follow_pathway"),
    path("carried.json", carried.carried, name="carried"),
    path("send", carried.send, name="send"),
    path("window", carried.window, name="window"),
    path("language", carried.language, name="language"),
    path("return-code", carried.return_code, name="return_code"),
    path("answers.json", carried.answers, name="answers"),
    path("help", supervision.call_for_help, name="call_for_help"),
    path("help/answer", supervision.answer_call, name="answer_call"),
]

keys = [
    path("", key_views.page, name="keys-page"),
    path("roster.json", key_views.read_roster, name="roster"),
    path("pin", key_views.keep_pin, name="keep_pin"),
    path("signing-key", key_views.keep_signing_key, name="keep_signing_key"),
    path("waiting.json", key_views.waiting, name="waiting-for-signatures"),
    path("founding", key_views.founding, name="founding"),
    path("found", key_views.found, name="found"),
    path("sign", key_views.sign, name="sign"),
    path("line.json", key_views.line, name="line-keys"),
    path("stage", key_views.stage, name="stage"),
    path("rotate", key_views.rotate, name="rotate"),
]

# A page is asked for at one address and changes something at another.
staff_pages = [
    path("", staff.staff, name="staff"),
    path("invite/", staff.invitation, name="staff-invite"),
    path("invitations", staff.send_invitation, name="staff-invitations"),
    path("invitations/<code:code>/withdraw", staff.withdraw_invitation, name="staff-withdraw"),
    path("courses/", staff.courses, name="staff-courses"),
    path("courses/add", staff.add_course, name="staff-course-add"),
    path("courses/<slug:slug>/change", staff.change_course, name="staff-course"),
    path("<code:code>/", staff.member, name="staff-member"),
    path("<code:code>/abilities", staff.set_abilities, name="staff-abilities"),
    path("<code:code>/role", staff.set_role, name="staff-role"),
    path("<code:code>/lines", staff.set_lines, name="staff-lines"),
    path("<code:code>/training", staff.add_training, name="staff-training"),
    path("<code:code>/training/withdraw", staff.remove_training, name="staff-training-withdraw"),
    path("<code:code>/second-step", staff.reset_second_step, name="staff-second-step"),
    path("<code:code>/leave/", staff.leave, name="staff-leave"),
    path("<code:code>/end-access", staff.end_access, name="staff-end"),
    path("<code:code>/capacity", board_views.capacity, name="capacity"),
]

# What is counted about contacts: late coding, a second person's, and how well it is done.
record_pages = [
    path("", records.list_records, name="records"),
    path("<code:code>/", records.show_record, name="late-record"),
    path("<code:code>/save", records.save, name="save-record"),
    path("<code:code>/again/", records.show_again, name="code-again"),
    path("<code:code>/again/save", records.save_again, name="save-again"),
    path("quality/", records.quality, name="quality"),
]

# For editors: services of the directory, and who keeps their entries.
service_pages = [
    path("", representatives.services, name="services"),
    path("wishes/<code:code>", representatives.decide, name="service-decide"),
    path("invitations/<code:code>/withdraw", representatives.withdraw_invitation, name="service-uninvite"),
    path("representatives/<code:code>/second-step", representatives.reset_second_step, name="service-second-step"),
    path("representatives/<code:code>/end", representatives.end_access, name="service-end"),
    path("<uuid:organization>/", representatives.organization, name="service-organization"),
    path("<uuid:organization>/invite", representatives.invite, name="service-invite"),
]

# Ready answers, written by editors and supervisors.
answer_pages = [
    path("", ready_answers.listed, name="ready-answers"),
    path("add", ready_answers.add, name="ready-answer-add"),
    path("<code:code>/change", ready_answers.change, name="ready-answer"),
    path("<code:code>/drop", ready_answers.drop, name="ready-answer-drop"),
]

# For whoever pays for a line.
contract_pages = [
    path("", contract.listed, name="contract"),
    path("complaints", contract.complaints, name="contract-complaints"),
    path("open/", open_contract.listed, name="open-contract"),
    path("open/<slug:slug>/", open_contract.one, name="open-contract-line"),
    path("open/<slug:slug>/change", open_contract.change, name="open-contract-change"),
    path("<code:code>/", contract.one, name="contract-report"),
    path("<code:code>/figures.csv", contract.as_csv, name="contract-csv"),
]

# Figures: what the machine has prepared, signed by two people.
figure_pages = [
    path("", releasing.listed, name="releases"),
    path("notes/<code:code>/sign", releasing.sign_a_note, name="note-sign"),
    path("notes/<code:code>/drop", releasing.drop_note, name="note-drop"),
    path("<code:code>/", releasing.one, name="release"),
    path("<code:code>/sealed.json", releasing.sealed, name="release-sealed"),
    path("<code:code>/sign", releasing.sign, name="release-sign"),
    path("<code:code>/unsign", releasing.unsign, name="release-unsign"),
    path("<code:code>/note", releasing.note, name="release-note"),
]

# Updates: written by one person, sent by another.
update_pages = [
    path("", updating.listed, name="updates"),
    path("new/", updating.new, name="update-new"),
    path("add", updating.add, name="update-add"),
    path("<code:code>/", updating.one, name="update"),
    path("<code:code>/edit/", updating.edit, name="update-edit"),
    path("<code:code>/save", updating.save, name="update-save"),
    path("<code:code>/ask", updating.ask, name="update-ask"),
    path("<code:code>/back", updating.give_back, name="update-back"),
    path("<code:code>/send", updating.send, name="update-send"),
    path("<code:code>/discard", updating.discard, name="update-discard"),
]

# Posters: what was ordered, and how often their addresses were opened.
poster_pages = [
    path("", posters.listed, name="posters"),
    path("<code:code>/", posters.one, name="poster-order"),
    path("<code:code>/sent", posters.send, name="poster-order-sent"),
]

# Consultations: what people say is read before others can read it; what hui said is written down.
consultation_pages = [
    path("", consulting.listed, name="consultations"),
    path("<uuid:key>/", consulting.one, name="consultation"),
    path("<uuid:key>/read", consulting.read, name="consultation-read"),
    path("<uuid:key>/all/", consulting.everything, name="consultation-all"),
    path("<uuid:key>/aside", consulting.set_aside, name="consultation-aside"),
    path("<uuid:key>/said.csv", consulting.as_csv, name="consultation-csv"),
    path("<uuid:key>/said.json", consulting.as_json, name="consultation-json"),
    path("<uuid:key>/hui/to/<uuid:section>/", consulting.new_hui, name="consultation-hui-new"),
    path("<uuid:key>/hui/to/<uuid:section>/add", consulting.add_hui, name="consultation-hui-add"),
    path("<uuid:key>/hui/<code:code>/", consulting.edit_hui, name="consultation-hui"),
    path("<uuid:key>/hui/<code:code>/save", consulting.save_hui, name="consultation-hui-save"),
    path("<uuid:key>/hui/<code:code>/drop", consulting.drop_hui, name="consultation-hui-drop"),
]

# Who comes to events, which are written where the site is edited.
event_pages = [
    path("", hosting.listed, name="events-hosted"),
    path("<uuid:key>/", hosting.one, name="event"),
    path("<uuid:key>/<code:code>/remove", hosting.remove, name="event-remove"),
]

# What people asked, to be answered where the site is edited.
question_pages = [
    path("", questions.listed, name="questions"),
    path("<code:code>/", questions.one, name="question-asked"),
    path("<code:code>/begin", questions.begin, name="question-begin"),
    path("<code:code>/lead", questions.lead, name="question-lead"),
    path("<code:code>/answered", questions.answered, name="question-answered"),
    path("<code:code>/aside", questions.put_aside, name="question-aside"),
]

# Django's own pages look for a token in what was posted, and fail where that cannot be read.
handler400 = "helpline.web.views.bad_request"
handler404 = "helpline.web.views.page_not_found"
handler500 = "helpline.web.views.server_error"

urlpatterns = [
    path("", views.shell, name="shell"),
    path("sign-in/salt", sign_in.salt, name="salt"),
    path("sign-in", sign_in.begin, name="sign-in"),
    path("sign-in/code", sign_in.give_code, name="give-code"),
    path("sign-in/app", sign_in.offer_app, name="offer-app"),
    path("sign-in/app/confirm", sign_in.enrol_app, name="enrol-app"),
    path("sign-in/passkey", passkeys.use, name="use-passkey"),
    path("sign-in/passkey/ask", passkeys.ask, name="ask-passkey"),
    path("sign-in/passkey/new", passkeys.ask_to_enrol, name="ask-to-enrol"),
    path("sign-in/passkey/enrol", passkeys.enrol, name="enrol-passkey"),
    path("sign-in/provider/ask", provider.ask, name="ask-provider"),
    path("sign-in/provider/back", provider.back, name="provider-back"),
    path("sign-in/provider/take", provider.take, name="take-provider"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("edit-site/", editing.offer, name="edit-site"),
    path("edit-site/go", editing.go, name="edit-site-go"),
    path("account/", account.account, name="account"),
    path("account/passphrase", passphrase.page, name="passphrase"),
    path("account/passphrase/renew", passphrase.renew, name="renew-passphrase"),
    path("account/reads", audit.reads, name="reads"),
    path("account/confirm", account.confirm, name="confirm"),
    path("account/app/new", account.offer_app, name="new-app"),
    path("account/app/confirm", account.add_app, name="add-app"),
    path("account/app/remove", account.remove_app, name="remove-app"),
    path("account/recovery-codes", account.new_codes, name="recovery-codes"),
    path("account/sessions/name", account.name_session, name="name-session"),
    path("account/sessions/<code:code>/end", account.end_one, name="end-session"),
    path("account/passkeys/new", passkeys.ask_to_add, name="ask-to-add"),
    path("account/passkeys/add", passkeys.add, name="add-passkey"),
    path("account/passkeys/<code:code>/wrap", passkeys.wrap, name="wrap"),
    path("account/passkeys/<code:code>/remove", passkeys.remove, name="remove-passkey"),
    path("account/provider/ask", provider.ask_to_link, name="link-provider"),
    path("account/provider/remove", provider.remove, name="unlink-provider"),
    path("account/sign-out-everywhere", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("audit/", audit.audit, name="audit"),
    path("keys/", include(keys)),
    path("holds/", holds.list_holds, name="holds"),
    path("holds/ask", holds.ask, name="hold-ask"),
    path("holds/<code:code>/", holds.change, name="hold"),
    path("blocks/", blocks.list_blocks, name="blocks"),
    path("blocks/<code:code>/", blocks.change, name="block"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<code:code>/", texts.change, name="text"),
    path("keys.json", views.keys, name="keys"),
    path("desk.json", views.desk, name="desk"),
    path("presence", views.presence, name="presence"),
    path("break", views.answer_break, name="break"),
    path("board.json", board_views.show_board, name="board"),
    path("wall/", wall.page, name="wall"),
    path("wall.json", wall.figures, name="wall-figures"),
    path("staff/", include(staff_pages)),
    path("records/", include(record_pages)),
    path("figures/", include(figure_pages)),
    path("contract/", include(contract_pages)),
    path("updates/", include(update_pages)),
    path("posters/", include(poster_pages)),
    path("consultations/", include(consultation_pages)),
    path("events/", include(event_pages)),
    path("questions/", include(question_pages)),
    path("services/", include(service_pages)),
    path("ready-answers/", include(answer_pages)),
    path("training.json", views.training, name="training"),
    path("join/", join.join, name="join"),
    path("join/look", join.look, name="join-look"),
    path("join/take", join.take, name="join-take"),
    path("c/<code:code>/", include(conversation)),
]
