"""An artefact of a version that counts as inspected."""

from __future__ import annotations

from uuid import UUID

from domain.checks.names import ARTEFACT_INSPECTION
from domain.checks.service import CheckRunInput, record_check_run
from kernel.language import Text
from webapp.wiring import Platform

DIGEST = "ab" * 32


def inspect_artefact(platform: Platform, version_id: UUID, digest: str = DIGEST) -> str:
    """Record a passed inspection of the digest and return it."""
    with platform.database.write() as session:
        record_check_run(
            session,
            CheckRunInput(
                version_id=version_id,
                check=ARTEFACT_INSPECTION,
                status="passed",
                summary=Text("通过", "passed"),
                subject=digest,
                region_code="990100",
            ),
        )
    return digest
