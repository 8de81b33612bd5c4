"""What changes components and versions. One module per family of verbs."""

from domain.catalogue.service.attachments import ATTACHMENT_KINDS, attach_file
from domain.catalogue.service.authorisations import (
    offer_mandate,
    record_authorisation,
    revoke_authorisation,
)
from domain.catalogue.service.basics import BasicsAssessment, assess_basics, call_for_review
from domain.catalogue.service.changing import CHANGEABLE, replace_record
from domain.catalogue.service.dictionaries import decide_dictionary, draft_dictionary
from domain.catalogue.service.directory import record_directory_push
from domain.catalogue.service.drafts import DraftOpened, open_draft
from domain.catalogue.service.editing import SavedRecord, save_record
from domain.catalogue.service.importing import ImportReport, ImportRow, import_components
from domain.catalogue.service.records import keep_snapshot as keep_record
from domain.catalogue.service.records import merged as merged_record
from domain.catalogue.service.reviewing import review_record
from domain.catalogue.service.rows import lock_version
from domain.catalogue.service.statements import record_statement, settle_duplicate_review
from domain.catalogue.service.transitions import Transitioned, request_transition

__all__ = [
    "ATTACHMENT_KINDS",
    "BasicsAssessment",
    "CHANGEABLE",
    "DraftOpened",
    "ImportReport",
    "ImportRow",
    "SavedRecord",
    "Transitioned",
    "assess_basics",
    "attach_file",
    "call_for_review",
    "decide_dictionary",
    "draft_dictionary",
    "import_components",
    "keep_record",
    "lock_version",
    "merged_record",
    "offer_mandate",
    "open_draft",
    "record_authorisation",
    "record_directory_push",
    "record_statement",
    "replace_record",
    "request_transition",
    "review_record",
    "revoke_authorisation",
    "save_record",
    "settle_duplicate_review",
]
