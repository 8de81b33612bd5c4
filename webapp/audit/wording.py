"""Audit actions, outcomes and channels in words; an action without words here is shown by its name."""

from __future__ import annotations

from kernel.language import Text
from webapp.languages import gettext as _

# Refused requests are recorded under the action that was asked for (present tense), events in the past tense.
ACTIONS: dict[str, Text] = {
    # Components, checks, gateway and market
    "api_risk.declared": Text("申报接口风险", "API risk declared"),
    "authorisation.accepted": Text("接受授权", "Authorisation accepted"),
    "authorisation.recorded": Text("记录授权", "Authorisation recorded"),
    "authorisation.revoked": Text("撤销授权", "Authorisation revoked"),
    "check.recorded": Text("记录检查结果", "Check recorded"),
    "component.record_reviewed": Text("复核目录信息", "Record reviewed"),
    "component.created": Text("创建组件", "Component created"),
    "component.file_attached": Text("添加附件", "File attached"),
    "component.imported": Text("导入组件", "Component imported"),
    "component.record_saved": Text("保存组件信息", "Component data saved"),
    "component.sent_to_directory": Text("报送目录", "Sent to the directory"),
    "component.transitioned": Text("组件状态变更", "Component state changed"),
    "component.use_requirement_settled": Text("确定使用要求", "Use requirement settled"),
    "gateway.route_recorded": Text("登记网关路由", "Gateway route recorded"),
    "gateway.routes_removed": Text("移除网关路由", "Gateway routes removed"),
    "market.published": Text("发布到组件市场", "Published to the market"),
    "market.unpublished": Text("撤下组件市场", "Taken off the market"),
    # Instances
    "incident.opened": Text("出现异常", "Incident raised"),
    "incident.resolve": Text("人工处理异常", "Resolve an incident"),
    "incident.resolved": Text("人工处理异常", "Incident resolved"),
    "incident.retried": Text("重试异常任务", "Incident retried"),
    "instance.cancel": Text("取消办件", "Cancel an instance"),
    "instance.cancelled": Text("取消办件", "Instance cancelled"),
    "instance.consent": Text("同意运维操作", "Consent to an operation"),
    "instance.migrate": Text("迁移办件", "Migrate an instance"),
    "instance.migrated": Text("迁移办件", "Instance migrated"),
    "instance.operate": Text("申请运维操作", "Ask for an operation"),
    "instance.resumed": Text("恢复办件", "Instance resumed"),
    "instance.suspended": Text("挂起办件", "Instance suspended"),
    "instance.token_moved": Text("移动令牌", "Token moved"),
    "instance.variables_corrected": Text("更正变量", "Variables corrected"),
    "instance.ended": Text("办件结束", "Instance ended"),
    "instance.read": Text("查阅办件", "Instance read"),
    "instance.start": Text("发起办件", "Start an instance"),
    "instance.started": Text("发起办件", "Instance started"),
    "job.completed": Text("自动处理完成", "Job completed"),
    "job.error_thrown": Text("自动处理得出业务异常", "Job threw a business error"),
    "job.failed": Text("自动处理失败", "Job failed"),
    "job.result_dropped": Text("自动处理结果作废", "Job result dropped"),
    "message.addressed": Text("消息有接收方", "Message has receivers"),
    "message.dropped": Text("消息作废", "Message dropped"),
    "message.held": Text("挂起期间收到消息", "Message held while suspended"),
    "message.received": Text("收到消息", "Message received"),
    "message.sent": Text("发送消息", "Message sent"),
    "condition.evaluated": Text("判断启动条件", "Start conditions evaluated"),
    "message.thrown": Text("发出消息", "Message thrown"),
    "operation.consented": Text("同意运维申请", "Operation consented to"),
    "operation.refused": Text("驳回运维申请", "Operation refused"),
    "operation.requested": Text("提出运维申请", "Operation asked for"),
    "operation.withdrawn": Text("撤回运维申请", "Operation request withdrawn"),
    "signal.addressed": Text("信号有接收方", "Signal has receivers"),
    "signal.dropped": Text("信号作废", "Signal dropped"),
    "signal.held": Text("挂起期间收到信号", "Signal held while suspended"),
    "signal.received": Text("收到信号", "Signal received"),
    "signal.thrown": Text("发出信号", "Signal thrown"),
    "timer.fired": Text("定时器触发", "Timer fired"),
    "user_task.claim": Text("领取任务", "Claim a task"),
    "user_task.claimed": Text("领取任务", "Task claimed"),
    "user_task.complete": Text("办理任务", "Complete a task"),
    "user_task.completed": Text("办结任务", "Task completed"),
    "user_task.draft": Text("保存办理草稿", "Save a task draft"),
    "user_task.escalated": Text("超期上报", "Task escalated"),
    "user_task.reminded": Text("到期提醒", "Task reminder"),
    "user_task.unclaim": Text("退回任务池", "Give a task back"),
    "user_task.unclaimed": Text("退回任务池", "Task given back"),
    "user_task.withdraw": Text("撤回", "Withdraw a task"),
    "user_task.withdrawn": Text("撤回", "Task withdrawn"),
    "user_task.transferred": Text("转办", "Task transferred"),
    "user_task.delegated": Text("委派", "Task delegated"),
    "user_task.resolved": Text("交还委派", "Delegation resolved"),
    "user_task.called_off": Text("收回委派", "Delegation called off"),
    "user_task.copied": Text("抄送", "Task copied"),
    "user_task.urged": Text("催办", "Task urged"),
    "user_task.signatory_added": Text("加签", "Signatory added"),
    "user_task.signatory_removed": Text("减签", "Signatory removed"),
    "user_task.returned": Text("退回", "Task returned"),
    "user_task.went_straight_back": Text("直达退回人", "Went straight back"),
    "user_task.replayed": Text("重新逐级办理", "Decided anew"),
    "user_task.taken_back": Text("取回", "Task taken back"),
    # Definitions
    "definition.deployed": Text("部署流程定义", "Definition deployed"),
    "definition.draft_rejected": Text("退回流程草稿", "Draft rejected"),
    "definition.draft_released": Text("发布流程草稿", "Draft released"),
    "definition.draft_saved": Text("保存流程草稿", "Draft saved"),
    "definition.draft_submitted": Text("提交流程草稿", "Draft submitted"),
    "definition_draft.reject": Text("退回流程草稿", "Reject a draft"),
    "definition_draft.release": Text("发布流程草稿", "Release a draft"),
    "definition_draft.save": Text("保存流程草稿", "Save a draft"),
    "definition_draft.submit": Text("提交流程草稿", "Submit a draft"),
    # People
    "grant.approved": Text("批准授权", "Grant approved"),
    "grant.bootstrapped": Text("初始授权", "Initial grant"),
    "grant.decide": Text("审批授权", "Decide a grant"),
    "grant.propose": Text("提出授权", "Propose a grant"),
    "grant.proposed": Text("提出授权", "Grant proposed"),
    "grant.refused": Text("驳回授权", "Grant refused"),
    "grant.revoke": Text("撤销授权", "Revoke a grant"),
    "grant.revoked": Text("撤销授权", "Grant revoked"),
    "person.added": Text("新增人员", "Person added"),
    "person.deactivated": Text("停用人员", "Person deactivated"),
    "person.locked": Text("账户锁定", "Account locked"),
    "person.password_changed": Text("修改密码", "Password changed"),
    "person.password_reset": Text("重置密码", "Password reset"),
    "person.sign_in_refused": Text("登录被拒绝", "Sign-in refused"),
    "person.signed_in": Text("登录", "Signed in"),
    "person.signed_out": Text("退出", "Signed out"),
    "region.added": Text("新增区域", "Region added"),
    "unit.added": Text("新增单位", "Unit added"),
    # The trail itself, and pages that were asked for without permission
    "audit.exported": Text("导出审计记录", "Trail exported"),
    "audit.read": Text("查阅审计记录", "Read the trail"),
    "audit.searched": Text("检索审计记录", "Trail searched"),
    "audit.verified": Text("校验记录链", "Chains verified"),
    "audit.verify": Text("校验记录链", "Verify chains"),
    "component.create": Text("创建组件", "Create a component"),
    "component.edit": Text("编辑组件", "Edit a component"),
    "component.start_creation": Text("发起组件创建", "Start a creation"),
    "file.download": Text("下载文件", "Download a file"),
    "file.downloaded": Text("下载文件", "File downloaded"),
    "component.import": Text("导入组件", "Import components"),
    "component.read": Text("查看组件", "Read components"),
    "definition.deploy": Text("发布流程", "Release definitions"),
    "definition.draft": Text("起草流程", "Draft definitions"),
    "definition.read": Text("查看流程定义", "Read definitions"),
    "person.manage": Text("管理人员", "Manage people"),
    "person.read": Text("查看人员", "Read people"),
    "task.read": Text("查看任务", "Read tasks"),
    "task.work": Text("办理任务", "Work on tasks"),
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
        "import": _("导入"),
        "messages": _("消息"),
        "notices": _("通知"),
        "tasks": _("任务"),
        "people": _("人员与登录"),
        "reading": _("查阅与检索"),
        "verifications": _("完整性校验"),
    }.get(name, name)
