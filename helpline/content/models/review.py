"""One person writes, another publishes: a step of Wagtail's review that the one who wrote cannot take.

Taking a page away needs one person: what should not stand there is gone at once.
"""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from wagtail.models import PagePermissionTester, Task, TaskState

from helpline.accounts.editing import may_edit
from helpline.accounts.models import User
from helpline.vault.erasure import NOTHING_PERSONAL

FIRST_PAGES_DEPTH: Final = 2  # a line's own, below the root: without it the line would have no site


class SamePerson(Exception):
    """Whoever wrote it, or asked for the look, does not publish it."""


class SecondLook(Task):
    """Any editor or operator, but whoever wrote what waits and whoever asked. Meanwhile nobody changes it."""

    erasure = NOTHING_PERSONAL

    class Meta:
        verbose_name = _("second look")

    @classmethod
    def get_description(cls) -> str:
        return str(_("An editor or operator who did not write it."))

    def locked_for_user(self, obj: Any, user: User) -> bool:
        return True

    def get_actions(self, obj: Any, user: User) -> list[tuple[str, Any, bool]]:
        state = obj.current_workflow_task_state
        if state is None or not is_somebody_else(state, user):
            return []
        return [("reject", _("Give it back"), True), ("approve", _("Publish"), False)]

    def on_action(self, task_state: Any, user: User, action_name: str, **kwargs: Any) -> None:
        """Raises SamePerson: what the menu does not offer, a form of one's own does not get either."""
        if not is_somebody_else(task_state, user):
            raise SamePerson
        super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> Any:
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        own = {"revision__user": user}, {"workflow_state__requested_by": user}
        return waiting.exclude(**own[0]).exclude(**own[1]) if may_edit(user) else waiting.none()


def is_somebody_else(state: Any, user: User) -> bool:
    """Than whoever wrote the words that wait, and whoever asked for the look at them."""
    wrote, asked = state.revision.user_id, state.workflow_state.requested_by_id
    return may_edit(user) and user.pk not in {wrote, asked}


class MayTakeAway(PagePermissionTester):
    """Wagtail lets only those take a page away who may publish by themselves, and here nobody may."""

    def can_unpublish(self) -> bool:
        is_there = self.page.live and self.page.depth > FIRST_PAGES_DEPTH
        return bool(is_there and not self.page_locked() and may_edit(self.user))
