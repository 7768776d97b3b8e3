"""Verifies the signatures of Standard Webhooks (`v1`, HMAC-SHA256) with nothing but the standard library."""

from ._signing import InvalidWebhookSecret, sign_webhook
from ._verifier import RawBodyMissing, VerifiedWebhook, WebhookVerificationError, WebhookVerifier

__all__ = [
    "InvalidWebhookSecret",
    "RawBodyMissing",
    "VerifiedWebhook",
    "WebhookVerificationError",
    "WebhookVerifier",
    "sign_webhook",
]
