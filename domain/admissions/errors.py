"""What can be wrong with an admission."""

from uuid import UUID

from kernel.errors import Conflict, NotFound
from kernel.language import Text


class AdmissionNotFound(NotFound):
    """There is no such admission, or the actor may not see it."""

    def __init__(self, admission_id: UUID | str) -> None:
        super().__init__(Text(f"没有准入 {admission_id}", f"There is no admission {admission_id}"))


class AdmissionDecided(Conflict):
    """The admission is decided already."""

    def __init__(self, admission_id: UUID) -> None:
        super().__init__(
            Text(f"准入 {admission_id} 已有结论", f"The admission {admission_id} is decided already")
        )
