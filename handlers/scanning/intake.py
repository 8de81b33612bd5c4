"""The rules of intake: why an artefact is refused before anything looks into it.

Source: draft standard, clauses 8.2.3 b and 8.2.4
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.scanning.results import ScanFinding, ScanSeverity
from kernel.language import Text

TOOL = ("zujian-intake", "1")


@dataclass(frozen=True)
class ScanRule:
    """A rule of our own: its id, weight, clause and the sentence that explains a breach."""

    id: str
    severity: ScanSeverity
    clause: str
    message: Text

    def found(self, *, tool: tuple[str, str] = TOOL, place: str = "", evidence: object = "") -> ScanFinding:
        """Return the finding for a breach seen at ``place``."""
        return ScanFinding(
            tool=tool[0],
            version=tool[1],
            rule=self.id,
            severity=self.severity,
            message=self.message,
            place=place,
            evidence=str(evidence)[:500],
            clause=self.clause,
        )


class ArtefactRefused(Exception):
    """An artefact is not taken in; ``finding`` says why."""

    def __init__(self, finding: ScanFinding) -> None:
        super().__init__(f"{finding.rule}: {finding.message.en} {finding.evidence}")
        self.finding = finding


def _refusal(rule: str, zh: str, en: str) -> ScanRule:
    return ScanRule(rule, ScanSeverity.HIGH, "8.2.3b", Text(zh, en))


I_TYPE = _refusal(
    "I-TYPE",
    "按内容判断不是允许的制品（JAR、WAR、容器镜像归档、源码归档 zip 或 tar），请上传正确的制品",
    "By its content this is none of JAR, WAR, container image archive and source archive (zip, tar)",
)
I_NAME = _refusal(
    "I-NAME",
    "文件扩展名与内容不符，请核对后重新上传",
    "The file name does not match the content, check it and upload again",
)
I_SIZE = _refusal("I-SIZE", "制品超过大小上限", "The artefact exceeds the size limit")
I_EMPTY = _refusal(
    "I-EMPTY", "制品为空，不含任何文件，请重新打包", "The artefact holds no file, build it again"
)
I_BOMB = _refusal(
    "I-BOMB",
    "压缩内容异常膨胀、文件过多或嵌套过深，可能为压缩炸弹，已停止读取",
    "The content expands beyond all measure, holds too many files or is nested too deep; reading was stopped",
)
I_PATH = _refusal("I-PATH", "归档内含越出目录的路径", "The archive holds a path that leaves its folder")
I_LINK = _refusal(
    "I-LINK",
    "归档内含链接或设备文件，请改为普通文件后重新打包",
    "The archive holds a link or device, replace it by a plain file and pack again",
)
I_DUPLICATE = _refusal(
    "I-DUPLICATE",
    "归档内有重名文件，不同工具会读到不同内容，请去重后重新打包",
    "Two entries have the same name, so that tools would read different things; remove one",
)
I_ENCRYPTED = _refusal(
    "I-ENCRYPTED", "归档已加密，无法检测，请上传未加密的制品", "The archive is encrypted, upload one without"
)
I_CORRUPT = _refusal(
    "I-CORRUPT",
    "制品已损坏，无法完整读取，请重新构建并上传",
    "The artefact is damaged and cannot be read to its end, build and upload it again",
)
I_UNREAD = ScanRule(
    "I-UNREAD",
    ScanSeverity.MEDIUM,
    "8.2.3b",
    Text(
        "内嵌归档已加密或损坏，其内容未检测",
        "An archive inside is encrypted or damaged, its content was not checked",
    ),
)
