"""A small LMS: a platform of LTI 1.3 with a key of its own, whose key set is read over real HTTP."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from campus.environment import LtiPlatform

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TARGET = "http://testserver/lti/launch/"


def new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Lms:
    """``asked``: how often its key set was fetched."""

    address: str = ""
    keys: dict[str, RSAPrivateKey] = field(default_factory=lambda: {"first": new_key()})
    asked: int = 0

    def registered(self, **fields: Any) -> LtiPlatform:
        """As the operator enters it."""
        known = {
            "key": "moodle",
            "name": "学び大学 Moodle",
            "issuer": "https://lms.uni.example",
            "client_id": "campus",
            "auth_url": "https://lms.uni.example/mod/lti/auth.php",
            "jwks_url": f"{self.address}/certs",
            "deployments": ["1"],
            "domains": ["uni.example"],
        }
        return LtiPlatform(**known | fields)

    def key_set(self) -> dict[str, Any]:
        self.asked += 1
        public = {kid: RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) for kid, key in self.keys.items()}
        return {"keys": [{**jwk, "kid": kid, "alg": "RS256", "use": "sig"} for kid, jwk in public.items()]}

    def token(self, *, nonce: str, kid: str = "first", key: Any = None, algorithm: str = "RS256", **claims: Any) -> str:
        """An ID token as an LMS sends it. ``claims`` replace its own; of None they are left out."""
        now = int(time.time())
        own = {
            "iss": "https://lms.uni.example",
            "aud": "campus",
            "sub": "moodle-7",
            "iat": now,
            "exp": now + 3600,
            "nonce": nonce,
            "name": "佐藤 花子",
            "email": "hanako@uni.example",
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}message_type": "LtiResourceLinkRequest",
            f"{CLAIM}deployment_id": "1",
            f"{CLAIM}target_link_uri": TARGET,
            f"{CLAIM}resource_link": {"id": "12"},
            f"{CLAIM}roles": [f"{ROLE}Learner"],
            f"{CLAIM}custom": {"cohort": "spring"},
        }
        said = {name: value for name, value in (own | claims).items() if value is not None}
        return jwt.encode(said, key or self.keys[kid], algorithm=algorithm, headers={"kid": kid})


@contextmanager
def open_lms() -> Iterator[Lms]:
    """An LMS that answers on a port of its own."""
    lms = Lms()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(lms.key_set()).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    lms.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield lms
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
