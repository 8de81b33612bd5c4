"""Every table of the domain, imported once so that the metadata is whole."""

import domain.admissions.models
import domain.assessments.models
import domain.catalogue.models
import domain.changes.models
import domain.checks.models
import domain.credentials.models
import domain.delisting.models
import domain.deployments.models
import domain.emergency.models
import domain.evaluation.models
import domain.gateway.models
import domain.licences.models
import domain.market.models
import domain.notices.models
import domain.orders.models
import domain.people.models
import domain.scans.models
import domain.standby.models
import domain.suspension.models
import domain.usage.models
import domain.vulnerabilities.models

__all__ = ["domain"]
