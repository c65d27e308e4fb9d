"""Who in an agency may do what, beyond making pictures. Views ask it and menus show it."""

from accounts.choices import Role

SEES_USAGE = (Role.OWNER, Role.MANAGER, Role.MEMBER)
ASKS_FOR_PHOTOS = (Role.OWNER, Role.MANAGER)
CHANGES_BRANDING = (Role.OWNER, Role.MANAGER)
SHARES = (Role.OWNER, Role.MANAGER, Role.MEMBER, Role.VIEWER)
QUOTES = (Role.OWNER, Role.MANAGER, Role.MEMBER)
# Unless the agency's policy says that nobody does.
DOWNLOADS_WITHOUT_LABEL = (Role.OWNER, Role.MANAGER, Role.MEMBER)
EVERYBODY = tuple(Role)
