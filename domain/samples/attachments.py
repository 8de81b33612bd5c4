"""Generated attachments: reports, guides and API documents that say they are fictitious.

The PDF files use the built-in font for simplified Chinese that every PDF reader brings,
so no font file is shipped. The same record always gives the same bytes.
"""

import io
import json
from collections.abc import Mapping
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from domain.samples.openapi import openapi_document

MARK: Final = "样例 · 本文件内容均为虚构，仅供演示 / SAMPLE · fictitious, for demonstration only"
_FONT: Final = "STSong-Light"
_WIDTH: Final = 36
_LEFT, _TOP, _LINE = 60, 780, 20

TITLES: Final = {
    "functionalTestReport": "功能测试报告",
    "securityTestReport": "安全测试报告",
    "performanceTestReport": "性能测试报告",
    "applicationGuide": "组件申请指南",
    "userManual": "操作手册",
}


def write_attachment(record: Mapping[str, Any], kind: str) -> bytes:
    """Return the content of one attachment of a sample record."""
    if kind == "apiDocument":
        return json.dumps(openapi_document(record), ensure_ascii=False, indent=1).encode()
    return _pdf(f"{record['name']} {TITLES[kind]}", _paragraphs(record, kind))


def _paragraphs(record: Mapping[str, Any], kind: str) -> list[str]:
    """Return what the document says, one paragraph per entry."""
    details = record["componentDetails"]
    head = [
        f"组件：{record['name']}",
        f"版本：{record['version']}",
        f"发布地区：{record['publicRegion']}",
        f"简介：{record['remark']}",
    ]
    bodies: dict[str, list[str]] = {
        "functionalTestReport": [
            f"测试范围：{details['coreFunctions']}",
            "测试用例：24 项，通过 24 项，未通过 0 项（虚构数据）。",
            "结论：功能自检通过。",
        ],
        "securityTestReport": [
            "测试范围：软件成分、依赖漏洞、源代码、密钥与敏感信息、接口安全（虚构数据）。",
            "发现：高危 0 项，中危 0 项，低危 1 项，已整改。",
            "结论：安全自检通过。",
        ],
        "performanceTestReport": [
            "测试环境：预发布环境，2 个实例（虚构数据）。",
            f"并发上限：{record['extension'].get('maxConcurrency', '—')}；平均响应 120 毫秒，错误率 0。",
            "结论：性能自检通过。",
        ],
        "applicationGuide": [
            f"应用场景：{details['scenarios']}",
            "申请步骤：在资源市场中找到本组件，提交使用申请，审批通过后按接口文档调用。",
            f"常见问题：{details['faq']}",
        ],
        "userManual": [
            f"核心功能：{details['coreFunctions']}",
            f"特色优势：{details['advantages']}",
            "使用前请先完成统一身份认证与网关接入。",
        ],
    }
    return [*head, *bodies[kind]]


def _pdf(title: str, paragraphs: list[str]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    canvas.setTitle(f"{title}（样例）")
    canvas.setSubject(MARK)
    canvas.setFont(_FONT, 18)
    canvas.drawString(_LEFT, _TOP, title)
    canvas.setFont(_FONT, 9)
    canvas.drawString(_LEFT, _TOP - _LINE, MARK)
    canvas.setFont(_FONT, 12)
    height: float = _TOP - 3 * _LINE
    for paragraph in paragraphs:
        for start in range(0, len(paragraph), _WIDTH):
            canvas.drawString(_LEFT, height, paragraph[start : start + _WIDTH])
            height -= _LINE
        height -= _LINE / 2
    canvas.showPage()
    canvas.save()
    return target.getvalue()
