"""The product's database and nothing else of it: for views of DRF without key, limit or rule."""

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as OURS

# It asks for its middleware.
INSTALLED_APPS = [app for app in OURS if not app.startswith("allauth")]
ROOT_URLCONF = "tests.bench.bare"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
