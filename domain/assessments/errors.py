"""What can be wrong with an assessment, a judgement or a report."""

from uuid import UUID

from kernel.errors import Conflict, NotFound
from kernel.language import Text


class AssessmentNotFound(NotFound):
    """There is no such assessment, or the actor may not see it."""

    def __init__(self, assessment_id: UUID | str) -> None:
        super().__init__(
            Text(f"没有安全评估 {assessment_id}", f"There is no security assessment {assessment_id}")
        )


class ReportNotFound(NotFound):
    """There is no such third-party report, or the actor may not see it."""

    def __init__(self, report_id: UUID | str) -> None:
        super().__init__(Text(f"没有第三方报告 {report_id}", f"There is no third-party report {report_id}"))


class AssessmentClosed(Conflict):
    """The assessment is decided already."""

    def __init__(self, assessment_id: UUID) -> None:
        super().__init__(
            Text(
                f"安全评估 {assessment_id} 已有结论，不能再改",
                f"The security assessment {assessment_id} is decided and changes no more",
            )
        )
