"""The product's database and nothing else of it: for views of DRF without key, limit or rule."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as OURS

# allauth asks for its middleware, accounts listens to it, and the admin imports both.
LEFT_OUT = ("allauth", "accounts", "django.contrib.admin")
APPS = [app for app in OURS if not app.startswith(LEFT_OUT)]
INSTALLED_APPS = ["tests.bench.bare_accounts.BareAccounts", *APPS]
ROOT_URLCONF = "tests.bench.bare"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
