"""Who in an agency may do what: the one table that views ask, menus show, the team page prints and
tests/accounts/test_roles.py walks. Roles are of people; what a key may do is its scopes."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from accounts.choices import Role

OWNER, MANAGER, MEMBER, VIEWER, INTEGRATOR = Role

EVERYBODY = tuple(Role)
SEES_PROJECTS = (OWNER, MANAGER, MEMBER, VIEWER)
SHARES = (OWNER, MANAGER, MEMBER, VIEWER)
WORKS_ON_PROJECTS = (OWNER, MANAGER, MEMBER)
QUOTES = (OWNER, MANAGER, MEMBER)
# Unless the agency's policy says that nobody does.
DOWNLOADS_WITHOUT_LABEL = (OWNER, MANAGER, MEMBER)
SEES_USAGE = (OWNER, MANAGER, MEMBER)
ASKS_FOR_PHOTOS = (OWNER, MANAGER)
CHANGES_BRANDING = (OWNER, MANAGER)
MANAGES_TEAM = (OWNER, MANAGER)
MANAGES_OWNERS = (OWNER,)
DEVELOPS = (OWNER, MANAGER, INTEGRATOR)
CONNECTS_IACREA = (OWNER, MANAGER)
DECIDES_LABELS = (OWNER,)
DECIDES_SECURITY = (OWNER,)
EXPORTS_AGENCY = (OWNER,)
ERASES_AGENCY = (OWNER,)

# In the words of the team page, in its order.
TABLE = [
    (_("See projects and download pictures"), SEES_PROJECTS),
    (_("Share pictures and answer clients"), SHARES),
    (_("Make, note, rename and delete projects and pictures"), WORKS_ON_PROJECTS),
    (_("Make quote sheets"), QUOTES),
    (_("Download without the label"), DOWNLOADS_WITHOUT_LABEL),
    (_("See the usage of photos"), SEES_USAGE),
    (_("Ask for photos"), ASKS_FOR_PHOTOS),
    (_("Change the branding"), CHANGES_BRANDING),
    (_("Invite, change and remove people"), MANAGES_TEAM),
    (_("Make, change and remove owners"), MANAGES_OWNERS),
    (_("Keys, webhooks and calls of the API"), DEVELOPS),
    (_("Connect iacrea accounts"), CONNECTS_IACREA),
    (_("Decide that every download is labelled"), DECIDES_LABELS),
    (_("Decide that everybody signs in with two steps"), DECIDES_SECURITY),
    (_("Export all data of the agency"), EXPORTS_AGENCY),
    (_("Delete the agency"), ERASES_AGENCY),
    (_("Notifications, and one’s own account"), EVERYBODY),
]


def may(role: str, permission: Collection[str]) -> bool:
    return role in permission
