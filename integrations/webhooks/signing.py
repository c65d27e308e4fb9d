"""The signature of Standard Webhooks: https://www.standardwebhooks.com."""

import base64
import hashlib
import hmac


def signature_headers(secret: str, message_id: str, timestamp: int, body: str) -> dict[str, str]:
    """The three headers for a message; `secret` is `whsec_` and base64, `timestamp` in seconds."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{digest}",
    }
