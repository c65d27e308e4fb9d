"""The scenes of all rooms."""

from tests.browser.scenes import SCENES as SCENES_PROJECTS
from tests.browser.scenes import Scene
from tests.browser.scenes_accounts import SCENES_ACCOUNTS
from tests.browser.scenes_desk import SCENES_DESK
from tests.browser.scenes_developers import SCENES_DEVELOPERS
from tests.browser.scenes_help import SCENES_HELP
from tests.browser.scenes_privacy import SCENES_PRIVACY
from tests.browser.scenes_team import SCENES_TEAM

SCENES: list[Scene] = [
    *SCENES_PROJECTS,
    *SCENES_TEAM,
    *SCENES_DEVELOPERS,
    *SCENES_ACCOUNTS,
    *SCENES_PRIVACY,
    *SCENES_HELP,
    *SCENES_DESK,
]
