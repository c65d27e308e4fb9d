"""Secrets and signatures of Standard Webhooks: https://www.standardwebhooks.com."""

import base64
import hashlib
import hmac
import secrets


def new_secret() -> str:
    """In the form that Standard Webhooks libraries take."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signature_headers(
    message_id: str, timestamp: int, body: str, *signing_secrets: str
) -> dict[str, str]:
    """The three headers of a message, signed with each secret; `timestamp` is in seconds."""
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in signing_secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
