"""What gunicorn serves in the harness: the product, with its failpoints."""

from config.wsgi import application
from tests.chaos import failpoints, pace

__all__ = ["application"]

failpoints.install()
pace.hurry()
