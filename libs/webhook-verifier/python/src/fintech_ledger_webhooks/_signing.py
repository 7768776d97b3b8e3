"""Secrets, and what is signed with them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import re
from datetime import datetime
from typing import Iterable, Union

_PREFIX = "whsec_"
# Standard Webhooks: from 192 to 512 bits.
_KEY_BYTES_MIN, _KEY_BYTES_MAX = 24, 64
# A full stop would make it unclear where the id ends in what is signed.
MESSAGE_ID = re.compile(r"[!-\-/-~]{1,255}")


class InvalidWebhookSecret(ValueError):
    """A secret of the configuration can't be used. The message never holds it."""


def secret_key(secret: str) -> bytes:
    """The key that `whsec_…` stands for; white space around it, as a file has, does not count."""
    if not isinstance(secret, str) or secret.strip() == "":
        raise InvalidWebhookSecret("The webhook secret is empty: is its variable set?")
    text = secret.strip()
    if not text.startswith(_PREFIX):
        raise InvalidWebhookSecret(f"A webhook secret begins with {_PREFIX}")
    encoded = text[len(_PREFIX) :].rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidWebhookSecret(
            f"What follows {_PREFIX} in the webhook secret is not base64: copy all of it"
        ) from None
    if not _KEY_BYTES_MIN <= len(key) <= _KEY_BYTES_MAX:
        raise InvalidWebhookSecret(
            f"A webhook secret has {_KEY_BYTES_MIN} to {_KEY_BYTES_MAX} bytes, this one has {len(key)}: copy all of it"
        )
    return key


def secret_keys(secrets: Union[str, Iterable[str]]) -> list[bytes]:
    keys = [secret_key(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets)]
    if not keys:
        raise InvalidWebhookSecret("There is no webhook secret.")
    return keys


def signature_of(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `<id>.<seconds>.<body>` in base64."""
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def sign_webhook(
    secrets: Union[str, Iterable[str]], message_id: str, timestamp: datetime, body: Union[bytes, str]
) -> dict[str, str]:
    """The three headers of Standard Webhooks, for tests of a receiver. Each of several secrets signs."""
    if not MESSAGE_ID.fullmatch(message_id):
        raise ValueError("The id of a message is 1 to 255 visible ASCII characters without a full stop")
    seconds = str(math.floor(timestamp.timestamp()))
    sent = body.encode() if isinstance(body, str) else bytes(body)
    signatures = [signature_of(key, message_id, seconds, sent) for key in secret_keys(secrets)]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }
