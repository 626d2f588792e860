"""Every sentence about keys that the scripts of the desk and of the page of keys show."""

from django.utils.translation import gettext_lazy as _

KEYS = {
    "not_vouched": _(
        "Not done: two supervisors have not vouched for that key yet. They do so under Trusted keys, in the menu."
    ),
    "not_founded": _(
        "Not done: two supervisors have not founded the roster yet. They do so under Trusted keys, in the menu."
    ),
    "roster_forged": _(
        "Not done: the list of whose keys are vouched for is not the one you know. Do not hand anything over, and call "
        "a supervisor."
    ),
    "keys_pinned": _(
        "This desk now knows your roster by these words: {words}. Compare them with what two supervisors told you; if "
        "they differ, hand nothing over and say so."
    ),
    "keys_new": _("{name} has new keys: {words}. Compare these words when you next talk."),
    "keys_due": _("Something waits for a supervisor under Trusted keys, in the menu."),
    # The page of keys
    "keys_working": _("Working …"),
    "keys_no_roster": _("It is not founded yet."),
    "keys_other_root": _("What the server shows now is another roster: {words}."),
    "keys_roles": {
        "counsellor": _("Counsellor"),
        "supervisor": _("Supervisor"),
        "recovery": _("On paper, in five parts"),
    },
    "keys_recovery": _("The recovery key"),
    "keys_somebody_gone": _("Somebody who has left"),
    "keys_since": _("Since {day}."),
    "keys_began": _("Began on {day}."),
    "keys_joins": _("comes new, as {role} on {lines}"),
    "keys_same_key": _("same key, now {role} on {lines}"),
    "keys_other_key": _("has NEW KEYS; {role} on {lines}"),
    "keys_withdrawn": _("has left, or no longer holds words: nothing more is sealed to them"),
    "keys_waits_for_two": _("Nobody has signed yet."),
    "keys_waits_for_other": _("You have signed; another supervisor is needed."),
    "keys_signed_by": _("{name} has signed; yours is the second signature."),
    "keys_tick": _("I have compared the words of {name}"),
    "keys_tick_first": _("Tick at least one whose words you have compared."),
    "keys_signed": _("Signed."),
    "keys_changed": _("Somebody was faster, or somebody came or went. Here is how it stands now."),
    "keys_not_a_signer": _("Only supervisors whose own key is vouched for may do this."),
    "keys_same_person": _("The second signature has to be somebody else’s."),
    "keys_founding_waits": _("You have signed. Now {name} opens this page and signs, too."),
    "keys_founding_asked": _("{name} has signed and asks you to."),
    "keys_founding_alone": _("There is no other supervisor yet. The operator adds one."),
    "keys_in_order": _("Everybody who should have it has it, and nobody else."),
    "keys_due_because": {
        "none": _("The line has no keys yet, so nobody can write to it."),
        "unsigned": _("No supervisor of the line vouches for its keys."),
        "left": _("Somebody who had them has left."),
        "new": _("Somebody new has none."),
        "recovery": _("The recovery key has no part in them yet."),
    },
    "keys_make_new": _("Make new keys"),
    "keys_made": _("{name} has new keys. What was sealed before stays readable to those who could read it."),
    "keys_reseal": _("Seal it to their new key"),
    "keys_resealed": _("{name} can read it again."),
}
