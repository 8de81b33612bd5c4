"""What can be wrong with a data set that somebody imports."""

from kernel.errors import FieldProblem, Invalid
from kernel.language import Text


class DataSetRefused(Invalid):
    """The file is not a data set that can be trusted; nothing was changed."""

    def __init__(self, rule: str, zh: str, en: str) -> None:
        message = Text(f"漏洞数据集未导入：{zh}", f"The vulnerability data set was not imported: {en}")
        super().__init__(message, (FieldProblem("file", rule, message, "8.1.1"),))
