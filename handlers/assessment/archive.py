"""Filing the report of an assessment: signed, in the store, with its digest beside the assessment."""

from __future__ import annotations

import io
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from domain.assessments.report import report_document
from domain.assessments.service import file_report
from handlers.environment import PLATFORM, Environment
from kernel.files import store_file


def archive_report(environment: Environment, session: Session, assessment_id: UUID) -> str:
    """Sign the report as it stands, store it, and return the digest of what was signed.

    Effect: writes the file before the transaction commits; a content nobody refers to does no harm.
    """
    envelope = environment.signer.sign(report_document(session, assessment_id))
    content = orjson.dumps(envelope, option=orjson.OPT_INDENT_2)
    name = f"security-assessment-{assessment_id}.json"
    file = store_file(session, environment.files, io.BytesIO(content), name, PLATFORM)
    digest = str(envelope["digest"])
    file_report(session, PLATFORM, assessment_id, file, digest, environment.signer.key_id)
    return digest
