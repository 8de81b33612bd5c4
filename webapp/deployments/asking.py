"""What the operator asks for: the artefact and the settings are those that the provider submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.catalogue.queries import VersionDetail
from domain.deployments.service import Wanted
from handlers.checks.declaration import read_service_address
from handlers.deploying.settings import read_settings
from kernel.errors import Conflict, FieldProblem, Invalid
from kernel.files import StoredFile, find_file
from kernel.language import Text


@dataclass(frozen=True, slots=True)
class StartForm:
    """The stage asked for and, for production, the address where the operator put the component."""

    stage: str
    address: str

    @classmethod
    def from_request(cls, values: Mapping[str, str]) -> StartForm:
        """Read the form."""
        return cls(values.get("stage", "pre_release"), values.get("address", "").strip())

    @property
    def is_production(self) -> bool:
        """Tell whether production is asked for."""
        return self.stage == "production"

    def checked_address(self) -> str:
        """Return the stated address.

        Raises:
            Invalid: it is no proper http or https address.
        """
        if read_service_address(self.address) is None:
            message = Text(
                "请填写生产环境的服务地址（http 或 https）", "Give the address in production (http or https)"
            )
            raise Invalid(message, (FieldProblem("address", "deployment.address", message, "8.2.3b"),))
        return self.address

    def artefact(self, session: Session, detail: VersionDetail) -> StoredFile:
        """Return the stored artefact that the provider submitted.

        Raises:
            Conflict: there is none.
        """
        reference = _mapping(_mapping(detail.record.get("extension")).get("artefact")).get("file")
        if not isinstance(reference, str):
            raise Conflict(Text("该版本还没有上传制品", "No artefact has been uploaded for the version yet"))
        return find_file(session, reference)

    def wanted(self, session: Session, detail: VersionDetail) -> Wanted:
        """Return the pre-release deployment of that artefact with the submitted settings.

        Raises:
            Conflict: there is no artefact.
            Invalid: the submitted settings break a rule.
        """
        stored = self.artefact(session, detail)
        extension = _mapping(detail.record.get("extension"))
        settings = _mapping(extension.get("deploymentSettings"))
        variables, findings = read_settings(settings)
        if findings:
            problems = tuple(
                FieldProblem(finding.place, finding.rule, finding.message, finding.clause)
                for finding in findings
            )
            raise Invalid(findings[0].message, problems)
        return Wanted(
            version_id=detail.id,
            digest=stored.digest,
            file_name=stored.name,
            kind=str(_mapping(extension.get("artefact")).get("kind", "")),
            driver="local",
            environment=variables,
            health_path=str(settings.get("healthPath") or "/health"),
            metrics_path=str(settings["metricsPath"]) if settings.get("metricsPath") else None,
        )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
