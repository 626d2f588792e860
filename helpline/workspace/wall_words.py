"""The sentences of the wall, which its page carries as JSON."""

from django.utils.translation import gettext_lazy as _

from helpline.workspace.board_words import BOARD

WALL = {
    **{key: BOARD[key] for key in ("board_channels", "board_states", "board_load")},
    "wall_nobody": "–",
    "wall_rate": _("{rate} %"),
    "wall_now": _("As of {time}"),
    "wall_away": _("The server cannot be reached since {time}. These figures are old."),
    "wall_signed_out": _("Signed out. These figures are old; sign in again at the desk."),
    "wall_overdue_one": _("1 past its promise"),
    "wall_overdue_many": _("{count} past their promise"),
}
