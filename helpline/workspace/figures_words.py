"""Every sentence that the script of the page of figures shows."""

from django.utils.translation import gettext_lazy as _

FIGURES = {
    "figures_wrong": _("These five words do not open your key. Nothing was signed."),
    "figures_changed": _("Somebody was faster, or these figures were prepared anew. Load the page again."),
    "figures_same_person": _("The second signature has to be somebody else’s."),
    "figures_not_a_signer": _("Analysts, operators and supervisors of the line sign, with a key of their own."),
    "figures_not_sound": _("The attacker found something in these figures. They cannot be signed."),
}
