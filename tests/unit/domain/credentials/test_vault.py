"""Secrets at rest: what is stored tells nothing, and nothing stands in for a missing key."""

from __future__ import annotations

import base64
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from domain.credentials.errors import VaultClosed
from domain.credentials.vault import Vault, make_key_file
from kernel.ids import new_id

SECRET = "初始口令 s3cret!"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    make_key_file(tmp_path / "keys")
    return Vault(tmp_path / "keys")


def test_a_sealed_secret_opens_again_and_is_not_in_what_is_stored(vault: Vault) -> None:
    identifier = new_id()

    sealed = vault.seal(identifier, SECRET)

    assert vault.open(identifier, sealed) == SECRET
    assert SECRET.encode() not in sealed.ciphertext
    assert vault.seal(identifier, SECRET).ciphertext != sealed.ciphertext


def test_a_stored_secret_cannot_be_put_in_the_place_of_another(vault: Vault) -> None:
    sealed = vault.seal(new_id(), SECRET)

    with pytest.raises(VaultClosed, match="altered"):
        vault.open(new_id(), sealed)


def test_one_flipped_bit_is_noticed(vault: Vault) -> None:
    identifier = new_id()
    sealed = vault.seal(identifier, SECRET)
    flipped = bytes([sealed.ciphertext[0] ^ 1]) + sealed.ciphertext[1:]

    with pytest.raises(VaultClosed, match="altered"):
        vault.open(identifier, replace(sealed, ciphertext=flipped))


def test_a_new_key_on_top_encrypts_and_the_former_one_still_opens(vault: Vault) -> None:
    identifier = new_id()
    before = vault.seal(identifier, SECRET)
    former = vault.key_file.read_text(encoding="ascii")
    vault.key_file.write_text(base64.b64encode(bytes(range(32))).decode() + "\n" + former, encoding="ascii")

    after = vault.seal(identifier, SECRET)

    assert after.key_id != before.key_id
    assert vault.open(identifier, before) == vault.open(identifier, after) == SECRET


def test_without_its_key_a_secret_stays_closed_and_the_cure_is_named(vault: Vault) -> None:
    identifier = new_id()
    sealed = vault.seal(identifier, SECRET)
    vault.key_file.write_text(base64.b64encode(bytes(32)).decode(), encoding="ascii")

    with pytest.raises(VaultClosed, match="ZUJIAN_CREDENTIALS_KEY_FILE") as refused:
        vault.open(identifier, sealed)

    assert sealed.key_id in refused.value.message.en


@pytest.mark.parametrize("content", [None, "", "not base64!", base64.b64encode(b"short").decode(), "密钥"])
def test_a_missing_or_malformed_key_file_closes_the_vault(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "keys"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    with pytest.raises(VaultClosed, match="zujian init"):
        Vault(path).seal(new_id(), SECRET)


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"

    made = make_key_file(path)
    first = path.read_bytes()
    again = make_key_file(path)

    assert (made, again) == (True, False)
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.b64decode(first)) == 32
