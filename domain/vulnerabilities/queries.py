"""Reads about data sets: what is in service, and the advisories about one package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.vulnerabilities.models import VulnerabilityAdvisory, VulnerabilityDataSet


@dataclass(frozen=True, slots=True)
class DataSetRow:
    """One imported data set."""

    id: UUID
    ecosystem: str
    sha256: str
    data_as_of: date
    file_name: str
    size: int
    advisories: int
    is_current: bool
    imported_by: str
    imported_at: datetime


def package_key(ecosystem: str, package: str) -> str:
    """Return the form of a package's name by which it is found; PyPI knows neither case nor - _ . apart."""
    name = package.strip()
    if ecosystem == "PyPI":
        name = name.lower().replace("_", "-").replace(".", "-")
    return name[:200]


def data_sets(session: Session, *, only_current: bool = False) -> list[DataSetRow]:
    """Return the data sets, those in service first."""
    query = select(VulnerabilityDataSet).order_by(
        VulnerabilityDataSet.is_current.desc(), VulnerabilityDataSet.ecosystem, VulnerabilityDataSet.id.desc()
    )
    if only_current:
        query = query.where(VulnerabilityDataSet.is_current)
    return [
        DataSetRow(
            row.id,
            row.ecosystem,
            row.sha256,
            row.data_as_of,
            row.file_name,
            row.size,
            row.advisories,
            row.is_current,
            row.imported_by_name,
            row.imported_at,
        )
        for row in session.scalars(query.limit(200))
    ]


def data_as_of(session: Session, ecosystem: str) -> date | None:
    """Return the date of the data in service about an ecosystem; a release is covered by its distribution."""
    names = {ecosystem, ecosystem.partition(":")[0]}
    query = select(VulnerabilityDataSet.data_as_of).where(
        VulnerabilityDataSet.ecosystem.in_(names), VulnerabilityDataSet.is_current
    )
    return max(session.scalars(query), default=None)


def advisories_of(session: Session, ecosystem: str, package: str) -> Sequence[Mapping[str, Any]]:
    """Return the advisories about one package, as documents in the OSV form."""
    query = (
        select(VulnerabilityAdvisory.content, VulnerabilityAdvisory.package)
        .where(
            VulnerabilityAdvisory.ecosystem == ecosystem,
            VulnerabilityAdvisory.package_key == package_key(ecosystem, package),
        )
        .order_by(VulnerabilityAdvisory.advisory)
    )
    wanted = package_key(ecosystem, package)
    return [row.content for row in session.execute(query) if len(wanted) < 200 or row.package == package]
