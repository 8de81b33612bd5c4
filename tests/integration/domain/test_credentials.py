"""Credentials from being typed to being erased, on the real tables of both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.credentials import queries, service
from domain.credentials.errors import AlreadyRevealed, CredentialEnded, CredentialNotFound, NotTheHolder
from domain.credentials.purposes import AGENT_INITIAL
from domain.credentials.vault import Vault, make_key_file
from domain.people.queries import actor_for
from domain.samples.people import SamplePerson, sample_person_id
from kernel import audit
from kernel.actor import Actor, system_actor
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed
from kernel.files import FileStore
from kernel.ids import new_id
from kernel.unit_of_work import perform
from tests.integration.domain.sample_versions import imported_version

ActAs = Callable[[str], Actor]
SECRET = "once-only-初始口令"
PLATFORM = system_actor("platform")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    make_key_file(tmp_path / "keys")
    return Vault(tmp_path / "keys")


@pytest.fixture
def version_id(session: Session, act_as: ActAs, store: FileStore) -> UUID:
    return imported_version(session, act_as("fabu1"), store)


@pytest.fixture
def stored(session: Session, vault: Vault, act_as: ActAs, version_id: UUID) -> UUID:
    """Store a credential that the sample user may see once."""
    holder = act_as("shiyong").person_id
    assert holder is not None
    return service.store(
        session, vault, PLATFORM, SECRET, version_id=version_id, purpose=AGENT_INITIAL, holders=[holder]
    )


def everything_stored(session: Session) -> str:
    """Read every text and byte of the tables that could have kept a secret."""
    session.flush()
    rows = []
    for table in ("credential", "credential_holder", "audit_event"):
        rows += [tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))]
    return "\n".join(
        value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        for row in rows
        for value in row
    )


def test_its_holder_sees_a_credential_once(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID
) -> None:
    user = act_as("shiyong")

    assert service.reveal_once(session, vault, user, stored) == SECRET
    with pytest.raises(AlreadyRevealed, match="shown once"):
        service.reveal_once(session, vault, user, stored)


def test_seeing_it_is_audited_and_the_secret_is_nowhere(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID, version_id: UUID
) -> None:
    service.reveal_once(session, vault, act_as("shiyong"), stored)

    kept = everything_stored(session)
    events = audit.events_of_stream(session, f"component:{version_id}")
    seen = [event for event in events if event.action == "credential.revealed"]
    assert SECRET not in kept
    assert "once-only" not in kept
    assert [event.actor_name for event in seen] == [act_as("shiyong").name]


@pytest.mark.parametrize("user_name", ["fabu1", "yunying1", "tigong1", "sysadmin"])
def test_nobody_else_sees_it(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID, user_name: str
) -> None:
    with pytest.raises(CredentialNotFound):
        service.reveal_once(session, vault, act_as(user_name), stored)


def test_a_credential_that_was_rotated_is_erased_and_its_holder_may_see_the_new_one(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID
) -> None:
    user = act_as("shiyong")
    service.reveal_once(session, vault, user, stored)

    new = service.rotate(session, vault, PLATFORM, stored, "second")

    assert service.reveal_once(session, vault, user, new) == "second"
    with pytest.raises(CredentialEnded):
        service.reveal_once(session, vault, user, stored)
    session.flush()
    erased = session.execute(
        text("SELECT length(ciphertext) FROM credential WHERE state = 'rotated'")
    ).scalar_one()
    assert erased == 0


def test_what_belongs_to_a_version_is_revoked_with_it(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID, version_id: UUID
) -> None:
    assert service.revoke_for_version(session, PLATFORM, version_id, "下架") == 1
    assert service.revoke_for_version(session, PLATFORM, version_id, "下架") == 0

    with pytest.raises(CredentialEnded, match="erased"):
        service.reveal_once(session, vault, act_as("shiyong"), stored)
    [row] = queries.credentials_of_version(session, version_id)
    assert (row.state, row.holders, row.seen) == ("revoked", 1, 0)


def test_an_ended_order_takes_its_own_credentials_and_its_person_off_shared_ones(
    session: Session, vault: Vault, act_as: ActAs, version_id: UUID
) -> None:
    user, order = act_as("shiyong"), new_id()
    assert user.unit_id is not None
    own = service.store(
        session, vault, PLATFORM, "own", version_id=version_id, purpose="order.access", order_id=order
    )
    shared = service.store(session, vault, PLATFORM, "shared", version_id=version_id, purpose="order.access")
    foreign = service.store(
        session, vault, PLATFORM, "foreign", version_id=version_id, purpose="order.access", order_id=new_id()
    )
    source = service.store(session, vault, PLATFORM, "source", version_id=version_id, purpose="data.source")
    assert service.entitle_holder(session, PLATFORM, version_id, order, user.unit_id) == 2
    session.flush()
    assert {row.id for row in queries.held_by(session, user)} == {own, shared}

    assert service.revoke_for_order(session, PLATFORM, order, "退订") == 1

    for credential_id in (own, shared):
        with pytest.raises(CredentialNotFound):
            service.reveal_once(session, vault, user, credential_id)
    states = {row.id: row.state for row in queries.credentials_of_version(session, version_id)}
    assert states == {own: "revoked", shared: "active", foreign: "active", source: "active"}
    events = audit.events_of_stream(session, f"component:{version_id}")
    assert [event.reason for event in events if event.action == "credential.withdrawn"] == ["退订", "退订"]


def test_a_further_order_shows_again_only_what_was_taken_away_unseen(
    session: Session, vault: Vault, act_as: ActAs, version_id: UUID
) -> None:
    user, first, further = act_as("shiyong"), new_id(), new_id()
    assert user.unit_id is not None
    unseen = service.store(session, vault, PLATFORM, "unseen", version_id=version_id, purpose=AGENT_INITIAL)
    seen = service.store(session, vault, PLATFORM, "seen", version_id=version_id, purpose="order.access")
    service.entitle_holder(session, PLATFORM, version_id, first, user.unit_id)
    service.reveal_once(session, vault, user, seen)
    service.revoke_for_order(session, PLATFORM, first, "到期")

    service.entitle_holder(session, PLATFORM, version_id, further, user.unit_id)

    assert service.reveal_once(session, vault, user, unseen) == "unseen"
    with pytest.raises(AlreadyRevealed):
        service.reveal_once(session, vault, user, seen)
    service.revoke_for_order(session, PLATFORM, further, "退订")
    assert queries.held_by(session, user) == []


def test_a_typed_secret_becomes_the_credential_of_its_own_case_only(
    session: Session, vault: Vault, act_as: ActAs, version_id: UUID
) -> None:
    case, other_case = new_id(), new_id()
    reference = service.seal(session, vault, act_as("tigong1"), SECRET, case)
    session.flush()

    with pytest.raises(CredentialNotFound):
        service.bind(
            session, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL, instance_id=other_case
        )
    bound = service.bind(
        session, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL, instance_id=case
    )
    again = service.bind(
        session, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL, instance_id=case
    )

    assert bound == again
    assert reference == f"secret:{bound}"
    secret = service.use(session, vault, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL)
    assert secret == SECRET


def test_what_was_typed_and_refused_before_is_erased_when_the_next_one_is_taken_up(
    session: Session, vault: Vault, act_as: ActAs, version_id: UUID
) -> None:
    case = new_id()
    service.seal(session, vault, act_as("tigong1"), "refused before", case)
    reference = service.seal(session, vault, act_as("tigong1"), SECRET, case)
    session.flush()

    service.bind(session, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL, instance_id=case)

    session.flush()
    states = session.execute(text("SELECT state, length(ciphertext) > 0 AS kept FROM credential ORDER BY id"))
    assert [(state, bool(kept)) for state, kept in states] == [("revoked", False), ("active", True)]


@pytest.mark.parametrize("reference", ["", "secret:", "secret:nonsense", "plain text", "file:1"])
def test_what_is_no_reference_binds_nothing(session: Session, version_id: UUID, reference: str) -> None:
    with pytest.raises(CredentialNotFound):
        service.bind(
            session, PLATFORM, reference, version_id=version_id, purpose=AGENT_INITIAL, instance_id=new_id()
        )


@pytest.mark.parametrize("secret", ["", "   ", "x" * 4001])
def test_an_empty_or_endless_secret_is_refused(
    session: Session, vault: Vault, act_as: ActAs, secret: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.seal(session, vault, act_as("tigong1"), secret, new_id())

    assert [problem.rule for problem in refused.value.problems] == ["credential.length"]


def test_only_the_provider_and_the_platform_decide_about_credentials(
    session: Session, vault: Vault, act_as: ActAs, stored: UUID, version_id: UUID
) -> None:
    releasing = act_as("fabu1")

    with pytest.raises(NotAllowed):
        service.rotate(session, vault, releasing, stored, "mine now")
    with pytest.raises(NotTheHolder):
        service.store(session, vault, releasing, "x", version_id=version_id, purpose=AGENT_INITIAL)
    with pytest.raises(NotTheHolder):
        service.use(
            session, vault, releasing, f"secret:{stored}", version_id=version_id, purpose=AGENT_INITIAL
        )
    with pytest.raises(NotTheHolder):
        service.revoke_for_order(session, releasing, new_id(), "x")
    with pytest.raises(NotTheHolder):
        service.entitle_holder(session, releasing, version_id, new_id(), new_id())


def test_of_two_looks_at_the_same_moment_one_sees_it(
    database: Database, people: dict[str, SamplePerson], vault: Vault, store: FileStore
) -> None:
    def prepare(session: Session) -> tuple[Actor, UUID]:
        person_id = sample_person_id(session, "shiyong")
        releasing_id = sample_person_id(session, "fabu1")
        assert person_id is not None
        assert releasing_id is not None
        version_id = imported_version(session, actor_for(session, releasing_id), store)
        credential_id = service.store(
            session,
            vault,
            PLATFORM,
            SECRET,
            version_id=version_id,
            purpose=AGENT_INITIAL,
            holders=[person_id],
        )
        return actor_for(session, person_id), credential_id

    user, credential_id = perform(database, "test", PLATFORM, prepare)
    start, seen = Barrier(2), []

    def look() -> None:
        start.wait()
        try:
            seen.append(
                perform(
                    database,
                    "credential.reveal",
                    user,
                    lambda session: service.reveal_once(session, vault, user, credential_id),
                )
            )
        except AlreadyRevealed:
            seen.append("refused")

    lookers = [Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()

    assert sorted(seen) == sorted([SECRET, "refused"])
