"""What the package promises, in the words of the standard library: python -m unittest."""

import base64
import os
import unittest
from datetime import datetime, timezone

from fintech_ledger_webhooks import (
    InvalidWebhookSecret,
    RawBodyMissing,
    WebhookVerificationError,
    WebhookVerifier,
    sign_webhook,
)

# The vector of Standard Webhooks' own test suites.
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SECONDS = 1614265330
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
HEADERS = {
    "webhook-id": ID,
    "webhook-timestamp": str(SECONDS),
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
TIME = datetime.fromtimestamp(SECONDS, timezone.utc)


def secret_of(length: int) -> str:
    return "whsec_" + base64.b64encode(os.urandom(length)).decode()


def verifier(*secrets: str, later: float = 0, **options: int) -> WebhookVerifier:
    return WebhookVerifier(secrets or SECRET, now=lambda: SECONDS + later, **options)


class VerifierTest(unittest.TestCase):
    def assert_refused(self, code, body=BODY, headers=HEADERS, by=None):
        with self.assertRaises(WebhookVerificationError) as caught:
            (by or verifier()).verify(body, headers)
        self.assertEqual(caught.exception.code, code)

    def test_the_vector_is_signed_and_verified(self):
        self.assertEqual(sign_webhook(SECRET, ID, TIME, BODY), HEADERS)
        for body in (BODY, BODY.decode(), bytearray(BODY)):
            verified = verifier().verify(body, HEADERS)
            self.assertEqual((verified.id, verified.timestamp, verified.event), (ID, TIME, {"test": 2432232314}))

    def test_the_vector_is_refused_when_anything_differs(self):
        self.assert_refused("no_matching_signature", b'{"test":2432232314}')
        signature = HEADERS["webhook-signature"]
        for name, value in [
            ("webhook-id", "msg_other"),
            ("webhook-timestamp", str(SECONDS + 1)),
            ("webhook-signature", signature[:8]),
            ("webhook-signature", "v1,"),
            ("webhook-signature", signature.replace("v1", "v1a")),
            ("webhook-signature", "v1,\u00e9\udc80"),
        ]:
            self.assert_refused("no_matching_signature", headers={**HEADERS, name: value})

    def test_each_of_several_signatures_and_secrets_is_enough(self):
        older, newer = secret_of(32), secret_of(32)
        both = sign_webhook([newer, older], ID, TIME, BODY)
        for secrets in ([older], [newer], [SECRET, older]):
            self.assertEqual(verifier(*secrets).verify(BODY, both).id, ID)
        self.assert_refused("no_matching_signature", headers=both, by=verifier(secret_of(32)))
        among = f"v1a,x v2 , {HEADERS['webhook-signature']} v1,x"
        self.assertEqual(verifier().verify(BODY, {**HEADERS, "webhook-signature": among}).id, ID)

    def test_the_time_has_a_tolerance(self):
        for later in (300, -300):
            self.assertEqual(verifier(later=later).verify(BODY, HEADERS).id, ID)
        self.assert_refused("timestamp_too_old", by=verifier(later=301))
        self.assert_refused("timestamp_too_new", by=verifier(later=-301))
        self.assert_refused("timestamp_too_old", by=verifier(later=11, tolerance_seconds=10))

    def test_headers_are_looked_up_whatever_their_case_and_must_be_right(self):
        self.assertEqual(verifier().verify(BODY, {k.title(): v for k, v in HEADERS.items()}).id, ID)
        for name in HEADERS:
            self.assert_refused("missing_header", headers={k: v for k, v in HEADERS.items() if k != name})
            self.assert_refused("invalid_header", headers={**HEADERS, name.upper(): "again"})
        for name, value in [
            ("webhook-id", "msg.1"),
            ("webhook-id", "x" * 256),
            ("webhook-timestamp", "hello"),
            ("webhook-timestamp", "1614265330.5"),
            ("webhook-timestamp", "\u0661614265330"),
        ]:
            self.assert_refused("invalid_header", headers={**HEADERS, name: value})

    def test_a_parsed_body_is_a_mistake_of_the_receiver(self):
        for body in ({"test": 1}, None):
            with self.assertRaisesRegex(RawBodyMissing, "before the framework parses it"):
                verifier().verify(body, HEADERS)

    def test_a_signed_body_that_is_not_json_is_a_typed_error(self):
        for body in (b"hello", b'"\xff"'):
            self.assert_refused("invalid_body", body, sign_webhook(SECRET, ID, TIME, body))

    def test_a_secret_that_can_not_be_right_is_refused_at_the_start(self):
        for secret, message in [
            ("", "empty"),
            (None, "empty"),
            (SECRET[6:], "begins with whsec_"),
            ("whsec_\u2026", "not base64"),
            ("whsec_****************", "not base64"),
            (secret_of(23), "23"),
            (secret_of(65), "65"),
        ]:
            with self.assertRaisesRegex(InvalidWebhookSecret, message):
                WebhookVerifier([secret])
        with self.assertRaises(InvalidWebhookSecret):
            WebhookVerifier([])
        self.assertEqual(verifier(f" {SECRET}\n").verify(BODY, HEADERS).id, ID)


if __name__ == "__main__":
    unittest.main()
