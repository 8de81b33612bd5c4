"""Change a dictionary: one administrator drafts an edition, another releases or refuses it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalogue.dictionary_rules import DictionaryKind, Entry, problems_of, read_entries
from domain.catalogue.errors import (
    DictionaryDraftOpen,
    EditionDecided,
    EditionNotFound,
    FourEyesOnDictionary,
)
from domain.catalogue.models import DictionaryEdition
from domain.catalogue.queries.dictionaries import codes_in_use, dictionary_entries, dictionary_kind
from domain.catalogue.service.claims import flush_or_retry
from domain.people.permissions import require
from kernel import audit
from kernel.actor import Actor
from kernel.clock import now
from kernel.errors import FieldProblem, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.language import Text

STREAM = "system:dictionaries"


def draft_dictionary(
    session: Session, actor: Actor, key: str, entries: Sequence[Entry], purpose: str
) -> UUID:
    """Draft an edition with all its entries in order; nothing changes before it is released.

    Raises:
        NotAllowed: the actor is not the system administrator.
        DictionaryNotFound: no such dictionary.
        DictionaryDraftOpen: an edition waits for its release.
        Invalid: the purpose is missing, a value is malformed, or a fixed or used one is gone.
    """
    require(actor, "dictionary.draft")
    if actor.person_id is None:
        raise NotAllowed(Text("字典由系统管理员拟订", "The system administrator drafts dictionaries"))
    kind = dictionary_kind(key)
    purpose = _given(purpose, "purpose")
    _refuse_problems(session, kind, entries)
    rows = select(DictionaryEdition.id).where(
        DictionaryEdition.dictionary == key, DictionaryEdition.status == "draft"
    )
    if session.scalar(rows) is not None:
        raise DictionaryDraftOpen(kind.title)
    last = session.scalar(
        select(func.max(DictionaryEdition.number)).where(DictionaryEdition.dictionary == key)
    )
    edition = DictionaryEdition(
        id=new_id(),
        dictionary=key,
        number=(last or 0) + 1,
        entries={"entries": [entry.to_json() for entry in entries]},
        status="draft",
        drafted_by=actor.person_id,
        drafted_at=now(),
        purpose=purpose,
    )
    session.add(edition)
    # The unique number decides between two drafts made at once.
    flush_or_retry(session)
    _record(session, actor, "dictionary.drafted", edition, purpose)
    return edition.id


def decide_dictionary(
    session: Session, actor: Actor, edition_id: UUID, *, release: bool, reason: str | None = None
) -> None:
    """Release a draft, which puts it in force at once, or refuse it with a reason.

    Raises:
        NotAllowed: the actor is not the security administrator.
        EditionNotFound, EditionDecided: no such edition, or decided before.
        FourEyesOnDictionary: the actor drafted it.
        Invalid: refused without a reason, or a value was taken into use meanwhile.
    """
    require(actor, "dictionary.release")
    query = select(DictionaryEdition).where(DictionaryEdition.id == edition_id).with_for_update()
    edition = session.scalar(query.execution_options(populate_existing=True))
    if edition is None:
        raise EditionNotFound(edition_id)
    if edition.status != "draft":
        raise EditionDecided(edition.status)
    if actor.person_id in (None, edition.drafted_by):
        raise FourEyesOnDictionary
    if release:
        kind = dictionary_kind(edition.dictionary)
        _refuse_problems(session, kind, read_entries(kind, edition.entries["entries"]))
    else:
        reason = _given(reason, "reason")
    edition.status = "released" if release else "refused"
    edition.decided_by, edition.decided_at, edition.reason = actor.person_id, now(), reason
    _record(session, actor, "dictionary.released" if release else "dictionary.refused", edition, reason)


def _refuse_problems(session: Session, kind: DictionaryKind, entries: Sequence[Entry]) -> None:
    before = dictionary_entries(session)[kind.key]
    gone = {entry.code for entry in before} - {entry.code for entry in entries}
    used = codes_in_use(session, kind) if gone else frozenset()
    problems = problems_of(kind, entries, before, used)
    if problems:
        message = Text(
            f"字典“{kind.title.zh}”有{len(problems)}处不符合要求，请按提示修改",
            f"The dictionary “{kind.title.en}” breaks {len(problems)} rules; mend them as said",
        )
        raise Invalid(message, problems)


def _given(text: str | None, field: str) -> str:
    plain = (text or "").strip()
    if not plain or len(plain) > 1000:
        message = Text("请填写理由，不超过1000个字符", "Give a reason of at most 1000 characters")
        raise Invalid(message, (FieldProblem(field, "reason.required", message),))
    return plain


def _record(
    session: Session, actor: Actor, action: str, edition: DictionaryEdition, reason: str | None
) -> None:
    audit.append(
        session,
        audit.AuditEntry(
            action=action,
            actor=actor,
            stream=STREAM,
            subject_type="dictionary_edition",
            subject_id=edition.id,
            reason=reason,
            after={
                "dictionary": edition.dictionary,
                "number": edition.number,
                "status": edition.status,
                "entries": edition.entries["entries"],
            },
            clause="7",
        ),
    )
