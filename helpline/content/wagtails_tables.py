"""What Wagtail's own tables hold of people, and how that ends: the statement that each model of ours makes of itself.

Wagtail writes down which member of staff did what to a page, by the number of their account. The row of an account
outlives a removed member of staff without a name (`accounts.actions.remove_staff`); no table below holds one.
"""

from typing import Final

from helpline.vault.erasure import NOTHING_PERSONAL, Erasure

_REMOVED = "helpline.accounts.actions.remove_staff"
_WHO = Erasure(
    holds="which staff member did something to a page, and when",
    ends="with the page; the name with the account",
    by=_REMOVED,
)
_OWN = Erasure(
    holds="how a staff member likes the editor to look, and what they have open", ends="with the account", by=_REMOVED
)

_OF_WHO_DID_WHAT: Final = [
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.Page",
    "wagtailcore.PageLogEntry",
    "wagtailcore.Revision",
    "wagtailcore.TaskState",
    "wagtailcore.WorkflowState",
    "wagtailimages.Image",
]
_OF_ONES_OWN: Final = [
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailcore.APIToken",
    "wagtailcore.PageSubscription",
    "wagtailcore.UploadedFile",
    "wagtailusers.UserProfile",
]
# Words of pages, and how pages, groups and permissions hang together.
_OF_NOBODY: Final = [
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "simple_translation.SimpleTranslation",
    "taggit.Tag",
    "taggit.TaggedItem",
    "wagtailadmin.Admin",
    "wagtailcore.Collection",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.GroupSitePermission",
    "wagtailcore.Locale",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.ReferenceIndex",
    "wagtailcore.Site",
    "wagtailcore.Task",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowContentType",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowTask",
    "wagtailimages.Rendition",
    "wagtailredirects.Redirect",
    "wagtailsearch.IndexEntry",
]
ERASURES: Final = (
    dict.fromkeys(_OF_WHO_DID_WHAT, _WHO)
    | dict.fromkeys(_OF_ONES_OWN, _OWN)
    | dict.fromkeys(_OF_NOBODY, NOTHING_PERSONAL)
)
