"""The verifier."""

from __future__ import annotations

import hmac
import json
import math
import re
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Callable, Iterable, Mapping, Union

from ._signing import MESSAGE_ID, secret_keys, signature_of


class WebhookVerificationError(Exception):
    """The request is not to be trusted: answer 400, and do nothing.

    `code` is one of missing_header, invalid_header, timestamp_too_old, timestamp_too_new,
    no_matching_signature, invalid_body.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RawBodyMissing(TypeError):
    """A mistake of the receiver: what it gave as the body is not what came over the wire."""


@dataclass(frozen=True)
class VerifiedWebhook:
    """A message of which it is certain that the holder of the secret sent it."""

    id: str
    """The same at each attempt: remember it, and do nothing when it comes again."""
    timestamp: datetime
    """When this attempt was made."""
    event: Any


class WebhookVerifier:
    """Verifies messages of one endpoint, or of several that share a receiver.

    Raises InvalidWebhookSecret when it is made, and not at the first message.
    """

    def __init__(
        self,
        secrets: Union[str, Iterable[str]],
        *,
        tolerance_seconds: int = 300,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._keys = secret_keys(secrets)
        self._tolerance_seconds = tolerance_seconds
        self._now = now

    def verify(self, body: Union[bytes, str], headers: Mapping[str, str]) -> VerifiedWebhook:
        """`body`: the bytes as they came; what was parsed and written again has another signature."""
        message_id = _header(headers, "webhook-id")
        seconds = _header(headers, "webhook-timestamp")
        signatures = _header(headers, "webhook-signature").encode("utf-8", "replace").split(b" ")
        if not MESSAGE_ID.fullmatch(message_id):
            raise WebhookVerificationError("invalid_header", "The header webhook-id is not the id of a message.")
        if not re.fullmatch(r"[0-9]{1,11}", seconds):
            raise WebhookVerificationError(
                "invalid_header", "The header webhook-timestamp is not a time in whole seconds."
            )
        if not isinstance(body, (bytes, bytearray, memoryview, str)):
            raise RawBodyMissing(
                f"The body must be the bytes as they came, and it is a parsed {type(body).__name__}: "
                "verify before the framework parses it."
            )
        self._check_time(int(seconds))
        received = body.encode() if isinstance(body, str) else bytes(body)
        expected = [signature_of(key, message_id, seconds, received).encode() for key in self._keys]
        # Every pair, each in constant time, so that the time tells nothing of where they differ.
        if not any([hmac.compare_digest(given, wanted) for given in signatures for wanted in expected]):
            raise WebhookVerificationError(
                "no_matching_signature",
                "No signature is right: the secret is of another endpoint, or the body is not the bytes that were sent.",
            )
        return VerifiedWebhook(message_id, datetime.fromtimestamp(int(seconds), timezone.utc), _parse(received))

    def _check_time(self, seconds: int) -> None:
        age = math.floor(self._now()) - seconds
        if abs(age) <= self._tolerance_seconds:
            return
        differs = f"is {age} s old" if age > 0 else f"is {-age} s ahead of this clock"
        raise WebhookVerificationError(
            "timestamp_too_old" if age > 0 else "timestamp_too_new",
            f"The message {differs}, allowed are {self._tolerance_seconds} s: a replay, or a clock that is wrong.",
        )


def _header(headers: Mapping[str, str], name: str) -> str:
    """Whatever the case of the names; one that was sent twice is refused."""
    values = [value for key, value in headers.items() if key.lower() == name]
    if len(values) > 1:
        raise WebhookVerificationError("invalid_header", f"The request has the header {name} twice.")
    if not values or not values[0]:
        raise WebhookVerificationError("missing_header", f"The request has no header {name}.")
    return values[0]


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError:
        raise WebhookVerificationError(
            "invalid_body", "The signature is right, and the body is not JSON in UTF-8."
        ) from None
