"""A call as code that can be pasted."""

from collections.abc import Callable

from projects.reference.samples.curl import curl
from projects.reference.samples.javascript import javascript
from projects.reference.samples.php import php
from projects.reference.samples.python import python
from projects.reference.samples.wish import Wish

SAMPLES: dict[str, Callable[[Wish], str]] = {
    "curl": curl,
    "Python": python,
    "JavaScript": javascript,
    "PHP": php,
}

__all__ = ["SAMPLES", "Wish"]
