"""Encrypting secrets with AES-256-GCM under keys from a file; nothing here knows the database.

The key file holds one key per line, 32 bytes in Base64. The first encrypts, the others still decrypt, so
that a key is changed by putting a new line on top. There is no default key.

Source: NIST SP 800-38D, section 5.2 (AES-GCM; a random nonce of 96 bits per secret)
"""

import base64
import binascii
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.credentials.errors import VaultClosed
from kernel.language import Text

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted secret: the id of its key, its nonce, and ciphertext with tag."""

    key_id: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Vault:
    """Encrypts and decrypts; the key file is read when it is needed, and never kept."""

    key_file: Path

    def seal(self, credential_id: UUID, secret: str) -> Sealed:
        """Encrypt a secret for one credential; it cannot be opened as another one's.

        Raises:
            VaultClosed: the key file is missing or malformed.
        """
        key = self._keys()[0]
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = AESGCM(key).encrypt(nonce, secret.encode(), credential_id.bytes)
        return Sealed(_id_of(key), nonce, ciphertext)

    def open(self, credential_id: UUID, sealed: Sealed) -> str:
        """Decrypt a secret.

        Raises:
            VaultClosed: its key is not in the key file, or the stored bytes were altered.
        """
        key = next((key for key in self._keys() if _id_of(key) == sealed.key_id), None)
        if key is None:
            raise VaultClosed(Text(f"缺少密钥 {sealed.key_id}", f"the key {sealed.key_id} is missing"))
        try:
            return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, credential_id.bytes).decode()
        except InvalidTag:
            raise VaultClosed(Text("密文已被改动", "the stored bytes were altered")) from None

    def _keys(self) -> list[bytes]:
        try:
            lines = self.key_file.read_text(encoding="ascii").split()
        except (OSError, UnicodeDecodeError):
            raise VaultClosed(
                Text(f"读不到密钥文件 {self.key_file}", f"the key file {self.key_file} cannot be read")
            ) from None
        keys = [_decoded(line) for line in lines]
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise VaultClosed(
                Text(
                    "密钥文件应每行一个Base64编码的32字节密钥",
                    "expected one key of 32 bytes in Base64 per line",
                )
            )
        return keys


def make_key_file(path: Path) -> bool:
    """Make a key file for its owner alone where there is none; tell whether one was made."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _decoded(line: str) -> bytes:
    try:
        return base64.b64decode(line, validate=True)
    except binascii.Error:
        return b""


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"zujian key id" + key).hexdigest()[:16]
