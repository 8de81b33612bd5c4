"""What can be wrong with a deployment."""

from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.language import Text


class DeploymentNotFound(NotFound):
    """There is no such deployment, or its version is outside the actor's grants."""

    def __init__(self) -> None:
        super().__init__(Text("没有这个部署，或您无权查看", "There is no such deployment that you may see"))


class NotInspected(Conflict):
    """The artefact has not passed its inspection in this round, or another one did."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "该制品尚未通过制品检测，或检测通过的是另一制品（摘要不同），不能部署",
                "This artefact has not passed its inspection, or another one did (the digests differ): "
                "it cannot be deployed",
            )
        )


class NotReadyForProduction(Conflict):
    """A test or the security assessment is not passed, so the version does not go to production."""

    def __init__(self, missing: tuple[Text, ...]) -> None:
        super().__init__(
            Text(
                "不能部署到生产环境，以下结果未通过：" + "、".join(text.zh for text in missing),
                "Not to be deployed to production; not passed: " + ", ".join(text.en for text in missing),
            )
        )
        self.missing = missing


class NotTheOperator(NotAllowed):
    """Only the operator of the region starts and stops deployments."""

    def __init__(self) -> None:
        super().__init__(Text("只有运营方可以部署或停止", "Only the operator may deploy or stop"))
