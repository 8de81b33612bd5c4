"""Audit actions, outcomes and channels in words; an action without words here is shown by its name."""

from __future__ import annotations

from kernel.language import Text
from webapp.languages import gettext as _

# Refused requests are recorded under the action that was asked for (present tense), events in the past tense.
ACTIONS: dict[str, Text] = {
    "audit.exported": Text("导出审计记录", "Trail exported"),
    "audit.searched": Text("检索审计记录", "Trail searched"),
    "audit.verified": Text("校验记录链", "Chains verified"),
    "check.recorded": Text("记录检查结果", "Check recorded"),
    "checks.recorded": Text("记录检查结果", "Check recorded"),
    "component.created": Text("创建组件", "Component created"),
    "component.imported": Text("导入组件", "Component imported"),
    "component.transition": Text("变更组件状态", "Change of state"),
    "component_version.drafted": Text("起草组件版本", "Component version drafted"),
    "component_version.saved": Text("保存组件信息", "Component data saved"),
    "component_version.transitioned": Text("组件状态变更", "Component state changed"),
    "definition.deployed": Text("部署流程定义", "Definition deployed"),
    "definition_draft.created": Text("新建流程草稿", "Draft created"),
    "definition_draft.rejected": Text("退回流程草稿", "Draft rejected"),
    "definition_draft.released": Text("发布流程草稿", "Draft released"),
    "definition_draft.saved": Text("保存流程草稿", "Draft saved"),
    "definition_draft.submitted": Text("提交流程草稿", "Draft submitted"),
    "element.completed": Text("环节完成", "Element completed"),
    "grant.approved": Text("批准授权", "Grant approved"),
    "grant.bootstrapped": Text("初始授权", "Initial grant"),
    "grant.proposed": Text("提出授权", "Grant proposed"),
    "grant.refused": Text("驳回授权", "Grant refused"),
    "grant.revoked": Text("撤销授权", "Grant revoked"),
    "incident.raised": Text("出现异常", "Incident raised"),
    "incident.resolved": Text("人工处理异常", "Incident resolved"),
    "incident.retried": Text("重试异常任务", "Incident retried"),
    "instance.cancelled": Text("取消办件", "Instance cancelled"),
    "instance.ended": Text("办件结束", "Instance ended"),
    "instance.read": Text("查阅办件", "Instance read"),
    "instance.started": Text("发起办件", "Instance started"),
    "job.completed": Text("自动处理完成", "Job completed"),
    "job.failed": Text("自动处理失败", "Job failed"),
    "market.published": Text("发布到组件市场", "Published to the market"),
    "market.unpublished": Text("撤下组件市场", "Taken off the market"),
    "message.delivered": Text("送达消息", "Message delivered"),
    "message.sent": Text("发送消息", "Message sent"),
    "message.thrown": Text("发出消息", "Message thrown"),
    "person.added": Text("新增人员", "Person added"),
    "person.deactivated": Text("停用人员", "Person deactivated"),
    "person.locked": Text("账户锁定", "Account locked"),
    "person.password_changed": Text("修改密码", "Password changed"),
    "person.password_reset": Text("重置密码", "Password reset"),
    "person.sign_in_refused": Text("登录被拒绝", "Sign-in refused"),
    "person.signed_in": Text("登录", "Signed in"),
    "person.signed_out": Text("退出", "Signed out"),
    "region.added": Text("新增区域", "Region added"),
    "signal.thrown": Text("发出信号", "Signal thrown"),
    "timer.fired": Text("定时器触发", "Timer fired"),
    "unit.added": Text("新增单位", "Unit added"),
    "user_task.claim": Text("领取任务", "Claim a task"),
    "user_task.claimed": Text("领取任务", "Task claimed"),
    "user_task.complete": Text("办理任务", "Complete a task"),
    "user_task.completed": Text("办结任务", "Task completed"),
    "user_task.opened": Text("任务送达", "Task opened"),
    "user_task.overdue": Text("任务超期", "Task overdue"),
    "user_task.reminded": Text("任务催办提醒", "Task reminder"),
    "user_task.unclaim": Text("退回任务池", "Give a task back"),
    "user_task.unclaimed": Text("退回任务池", "Task given back"),
    "user_task.withdraw": Text("撤回", "Withdraw"),
    "user_task.withdrawn": Text("已撤回", "Task withdrawn"),
}


def action_text(action: str) -> Text:
    """Return the action in words."""
    return ACTIONS.get(action, Text(action, action))


def outcome_label(outcome: str) -> str:
    """Return the outcome of an event in words."""
    return {"done": _("已执行"), "refused": _("被拒绝"), "read": _("查阅")}.get(outcome, outcome)


def channel_label(channel: str) -> str:
    """Return where an event came from in words."""
    return {"web": _("网页"), "api": _("接口"), "cli": _("命令行"), "system": _("系统")}.get(channel, channel)


def stream_label(stream: str) -> str:
    """Return the name of a chain in words."""
    kind, _colon, name = stream.partition(":")
    if kind == "instance":
        return _("办件 %(id)s", id=name)
    if kind == "component":
        return _("组件 %(id)s", id=name)
    return {
        "access": _("越权访问"),
        "commands": _("被拒绝的操作"),
        "definitions": _("流程定义"),
        "files": _("文件"),
        "grants": _("授权"),
        "people": _("人员"),
        "reading": _("查阅与检索"),
        "sign_in": _("登录"),
        "sign-in": _("登录"),
    }.get(name, name)
