"""Reads about components: details, lists, rule contexts and similar components."""

from domain.catalogue.queries.checking import (
    check_version,
    record_under,
    rule_context,
    version_numbers,
)
from domain.catalogue.queries.components import (
    ComponentDetail,
    best_versions,
    component_names,
    component_page,
)
from domain.catalogue.queries.dictionaries import (
    EditionRow,
    dictionary_codes,
    dictionary_editions,
    dictionary_entries,
    dictionary_kind,
    dictionary_words,
)
from domain.catalogue.queries.idle import IdleVersion, delist_from, idle_candidate, idle_candidates
from domain.catalogue.queries.past import VersionAt, components_in_states, in_catalogue_at
from domain.catalogue.queries.rows import (
    AttachmentRow,
    AuthorisationRow,
    StateChangeRow,
    VersionDetail,
    VersionFilter,
    VersionPage,
    VersionRow,
)
from domain.catalogue.queries.similar import SimilarComponent, similar_components
from domain.catalogue.queries.untouched import untouched_versions
from domain.catalogue.queries.versions import (
    counts,
    exported_records,
    version_detail,
    version_labels,
    versions,
    versions_in_catalogue,
    visible_versions,
)

__all__ = [
    "AttachmentRow",
    "AuthorisationRow",
    "ComponentDetail",
    "EditionRow",
    "IdleVersion",
    "SimilarComponent",
    "StateChangeRow",
    "VersionAt",
    "VersionDetail",
    "VersionFilter",
    "VersionPage",
    "VersionRow",
    "best_versions",
    "check_version",
    "component_names",
    "component_page",
    "components_in_states",
    "counts",
    "delist_from",
    "dictionary_codes",
    "dictionary_editions",
    "dictionary_entries",
    "dictionary_kind",
    "dictionary_words",
    "exported_records",
    "idle_candidate",
    "idle_candidates",
    "in_catalogue_at",
    "record_under",
    "rule_context",
    "similar_components",
    "untouched_versions",
    "version_detail",
    "version_labels",
    "version_numbers",
    "versions",
    "versions_in_catalogue",
    "visible_versions",
]
