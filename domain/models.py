"""Every table of the domain, imported once so that the metadata is whole."""

import domain.catalogue.models
import domain.changes.models
import domain.checks.models
import domain.credentials.models
import domain.delisting.models
import domain.emergency.models
import domain.gateway.models
import domain.market.models
import domain.notices.models
import domain.orders.models
import domain.people.models
import domain.scans.models
import domain.suspension.models
import domain.usage.models

__all__ = ["domain"]
