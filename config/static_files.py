"""Static files as browsers get them: our scripts without comments and indentation, and a gzip
beside each file that is smaller so."""

from typing import Any

from django.core.files.base import ContentFile
from rjsmin import jsmin
from whitenoise.storage import CompressedStaticFilesStorage


class SmallStaticFiles(CompressedStaticFilesStorage):  # type: ignore[misc]  # it has no types
    """Made by collectstatic; what is in static/ stays as it was written."""

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("js/") and name.endswith(".js"):
            content = ContentFile(jsmin(content.read().decode()).encode())
        saved: str = super()._save(name, content)
        return saved
