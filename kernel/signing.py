"""Signing documents with the platform's own Ed25519 key, and verifying what was signed.

The key is made at its first use and kept beside the secret key, readable by its owner only. Whoever
verifies needs the public key, which every signed envelope carries, and its fingerprint from elsewhere.
Source: RFC 8032; RFC 8785 for the bytes that are signed
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from kernel.canonical import canonical_bytes
from kernel.errors import PlatformError
from kernel.language import Text

ALGORITHM: Final = "Ed25519"


class SigningKeyUnusable(PlatformError):
    """The file of the signing key holds no Ed25519 key, or cannot be read or made."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                f"签名密钥文件 {path} 不可用：应为 PEM 格式的 Ed25519 私钥",
                f"The file {path} of the signing key is unusable: expected an Ed25519 private key in PEM",
            )
        )


@dataclass(frozen=True)
class Signer:
    """Signs with the key in a file; the key is made where there is none."""

    path: Path

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        try:
            if not self.path.exists():
                _make(self.path)
            key = load_pem_private_key(self.path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise SigningKeyUnusable(self.path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise SigningKeyUnusable(self.path)
        return key

    @property
    def key_id(self) -> str:
        """Return the first half of the SHA-256 of the public key, by which it is known."""
        return key_id_of(_raw(self._key.public_key()))

    def sign(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return an envelope: the document, its digest, the signature over its canonical form."""
        content = canonical_bytes(dict(document))
        public = _raw(self._key.public_key())
        return {
            "document": dict(document),
            "digest": hashlib.sha256(content).hexdigest(),
            "signature": {
                "algorithm": ALGORITHM,
                "keyId": key_id_of(public),
                "publicKey": base64.b64encode(public).decode(),
                "value": base64.b64encode(self._key.sign(content)).decode(),
            },
        }


def verify(envelope: Mapping[str, Any], key_id: str | None = None) -> bool:
    """Tell whether an envelope is whole: digest, signature and, where given, the key that was expected."""
    try:
        signature = envelope["signature"]
        content = canonical_bytes(envelope["document"])
        public = base64.b64decode(signature["publicKey"], validate=True)
        value = base64.b64decode(signature["value"], validate=True)
        if hashlib.sha256(content).hexdigest() != envelope["digest"]:
            return False
        if key_id is not None and key_id_of(public) != key_id:
            return False
        Ed25519PublicKey.from_public_bytes(public).verify(value, content)
    except (KeyError, TypeError, ValueError, InvalidSignature):
        return False
    return True


def key_id_of(public: bytes) -> str:
    """Return the name of a public key."""
    return hashlib.sha256(public).hexdigest()[:32]


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        # Of several processes that start at once, one makes the key.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as target:
        target.write(pem)
        target.flush()
        os.fsync(target.fileno())
