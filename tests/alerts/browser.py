"""A browser that agreed to be told: it alone can read what is sent to it."""

import base64
import json
import os

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Browser:
    def __init__(self, endpoint):
        self.endpoint = endpoint
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)

    def said(self):
        """Return what it tells the server of itself."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        encoded = [base64.urlsafe_b64encode(each).decode() for each in (point, self._auth)]
        return {"endpoint": self.endpoint, "p256dh": encoded[0], "auth": encoded[1]}

    def read(self, body):
        """Return what a message says."""
        return json.loads(http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth))
