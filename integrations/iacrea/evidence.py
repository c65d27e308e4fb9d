"""What may be kept of an answer that was not understood."""

import re

MAX_BYTES = 16 * 1024
# Links of ours hold their secret in the path: /m/<token>/…, /callbacks/<token>, /reset/key/<key>/.
SECRET_PATH = re.compile(
    r"/(m|callbacks|r|p|desabonnement|confirmer|invitations|reset/key)/[\w:-]{20,}"
)


def redacted(body: bytes, api_key: str) -> str:
    """At most 16 KiB as text, without the account's key and without the links that we sent."""
    text = body[:MAX_BYTES].decode(errors="replace").replace("\0", "�")
    if api_key:
        text = text.replace(api_key, "[key]")
    return without_secret_paths(text)


def without_secret_paths(text: str) -> str:
    return SECRET_PATH.sub(r"/\1/[secret]", text)
