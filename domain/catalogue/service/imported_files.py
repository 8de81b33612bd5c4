"""The files that an imported record names: found in one folder, or left out with a notice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from domain.catalogue.models import ComponentVersion
from domain.catalogue.rules import ImportNotice, Record
from domain.catalogue.service.attachments import ATTACHMENT_KINDS, put_attachment
from kernel.actor import Actor
from kernel.files import REFERENCE_PREFIX, FileStore, store_file
from kernel.language import Text


class ImportedFiles:
    """The attachments that a record names by path, inside one folder."""

    def __init__(self, session: Session, actor: Actor, store: FileStore | None, root: Path | None) -> None:
        self.session, self.actor, self.store = session, actor, store
        self.root = root.resolve() if root is not None else None

    def taken_out(self, record: Record) -> tuple[list[tuple[str, Path]], dict[str, Any], list[ImportNotice]]:
        """Return (kind, file) pairs, the record without paths, and notices of missing files."""
        found: list[tuple[str, Path]] = []
        missing: list[ImportNotice] = []
        bare = dict(record)
        for place in dict.fromkeys(ATTACHMENT_KINDS.values()):
            outer, _, inner = place.partition(".")
            holder = bare.get(outer)
            named = holder.get(inner) if isinstance(holder, Mapping) else None
            if not isinstance(holder, Mapping) or not isinstance(named, Mapping):
                continue
            kept = {}
            for kind, value in named.items():
                file = self._file(value) if ATTACHMENT_KINDS.get(kind) == place else None
                if file is not None:
                    found.append((kind, file))
                elif ATTACHMENT_KINDS.get(kind) == place:
                    missing.append(_missing(f"{place}.{kind}", value))
                else:
                    kept[kind] = value
            bare[outer] = {**holder, inner: kept}
        return found, bare, missing

    def attach(self, version: ComponentVersion, kind: str, path: Path) -> None:
        """Store the file and attach it to the version."""
        if self.store is None:
            raise ValueError("files are found only where there is a store")
        with path.open("rb") as source:
            stored = store_file(self.session, self.store, source, path.name, self.actor)
        put_attachment(self.session, self.actor, version, kind, stored.id)

    def _file(self, value: Any) -> Path | None:
        if self.store is None or self.root is None or not isinstance(value, str):
            return None
        path = (self.root / value).resolve()
        inside = path.is_relative_to(self.root)
        return path if inside and path.is_file() and path.stat().st_size else None


def _missing(path: str, value: Any) -> ImportNotice:
    is_reference = isinstance(value, str) and value.startswith(REFERENCE_PREFIX)
    message = Text(
        "附件未随文件提供，已留空，请在接入前上传",
        "The attachment did not come with the file and is left out; upload it before onboarding",
    )
    return ImportNotice(path, value, None, message if not is_reference else _FOREIGN)


_FOREIGN: Final = Text(
    "导入文件不能引用平台内的文件，已留空",
    "An imported record cannot refer to a file of the platform; the reference is left out",
)
