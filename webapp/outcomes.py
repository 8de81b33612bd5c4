"""How tasks and cases end, in the words of the shipped forms and diagrams."""

from __future__ import annotations

from webapp.languages import gettext as _


def outcome_text(outcome: str | None) -> str:
    """Name an outcome or a result; one that only a process of somebody else's knows is shown as it is.

    Empty where there is none.
    """
    return {
        "accept": _("接受"), "adaptable": _("可改造"), "admitted": _("已准入"),
        "affected": _("受影响"), "agree": _("同意"), "agreed": _("同意"), "all_pass": _("全部通过"),
        "any_fail": _("有未通过项"), "bad": _("异常，回退"),
        "calls_found": _("有新调用，不予下架"), "cancel": _("撤销"),
        "cancelled": _("已取消"), "cannot_adapt": _("无法改造"), "changed": _("变更完成"),
        "completed": _("已完成"), "compliant": _("合规"), "confirm": _("已确认"), "confirmed": _("已确认"),
        "covered": _("已有有效备案"), "created": _("已创建"), "decline": _("谢绝"), "delist": _("无保留价值"),
        "delisted": _("已下架"), "done": _("已完成"), "execute": _("执行"), "extend": _("延期"),
        "fail": _("未通过"), "failed": _("未通过"), "filed": _("已备案"), "finished": _("已完成"),
        "hold": _("暂缓"), "issue": _("有问题"), "keep": _("保留"), "kept": _("保留"), "listed": _("已上架"),
        "migrated": _("已迁移"), "not_adaptable": _("不可改造"), "not_affected": _("不受影响"),
        "not_compliant": _("不合规"), "not published": _("暂不发布"), "ok": _("正常"),
        "on time": _("按期"),
        "onboarded": _("已接入"), "outdated": _("须更新"), "over": _("过渡期结束"), "pass": _("通过"),
        "passed": _("通过"), "publish": _("发布"), "published": _("已发布"), "rectification": _("已提请整改"),
        "rectify": _("提请整改"), "refuse": _("否决"), "refused": _("已否决"), "reopened": _("重新办理"),
        "reply": _("回复"), "rescan": _("重新检测"), "restrict": _("暂停受理新申请"),
        "resubmit": _("重新提交"), "return": _("退回"), "revise": _("修改后再提交"),
        "rolled back": _("已回退"), "settled": _("逐项已判定"), "start": _("开始"), "stop": _("停止"),
        "stopped": _("停止下架"), "submit": _("已提交"), "unsuitable": _("不适合本形式"), "urge": _("催办"),
        "urged": _("已催办或限制"), "verified": _("核验通过"), "withdraw": _("撤回"),
        "withdrawn": _("已撤回"),
    }.get(outcome or "", outcome or "")  # fmt: skip
