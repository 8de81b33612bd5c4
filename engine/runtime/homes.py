"""Whether an instance finds its place in another version of its net, and everything that is in the way.

Each token needs an element of the same kind, in the same scope, that repeats in the same way and does
the same work; each token at a join its flow; each wait of a token an event of the same kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.bpmn.model import Element, Net, Process
from engine.runtime.state import Activity, Done, Inside, Scope, State, Variables, Wait
from kernel.errors import PlatformError
from kernel.language import Text

# By process key: an element of the old version -> its name in the new one. Others keep their names.
Renamings = Mapping[str, Mapping[str, str]]

# What this module knows to carry over. A record of a kind that came later keeps an instance where it is.
# What compensates stays as well, and an activity at rest has no ``inside``: it is handed on at once.
IN_STATES: Final = frozenset(
    {"schema", "process", "status", "next_id", "scopes", "activities", "waits", "way_back"}
)
IN_SCOPES: Final = frozenset(
    {"process", "element", "owner", "tokens", "joins", "variables", "result", "done"}
)
IN_ACTIVITIES: Final = frozenset(
    {"scope", "element", "work", "child", "instance_of", "locals", "loop", "rounds", "line"}
    | {"held", "added_to", "place", "signatory", "signatures", "given", "done"}
)
IN_WAITS: Final = frozenset(
    {"role", "kind", "element", "scope", "activity", "name", "due", "interval", "repeats"}
    | {"part", "gathered", "held"}
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an instance cannot move: a stable rule, the element of the old version, and words."""

    rule: str
    element_id: str | None
    message: Text


class CannotMigrate(PlatformError):
    """The instance does not fit into the new version; ``reasons`` names everything that is in the way."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__(reasons[0].message)
        self.reasons = reasons


class Homes:
    """Looks for the home of everything that an instance holds, and collects why there is none."""

    def __init__(self, old: Net, new: Net, state: State, mapping: Renamings) -> None:
        self.old = old
        self.new = new
        self.state = state
        self.mapping = mapping
        self.reasons: list[Reason] = []

    def check(self) -> None:
        """Find every reason for which the instance has to stay."""
        if self.state["status"] != "running":
            self._refuse("migrate.ended", None, "办件已结束。", "The instance has ended.")
            return
        self._check_records(self.state, IN_STATES)
        for records, known in (
            (self.state["scopes"], IN_SCOPES),
            (self.state["activities"], IN_ACTIVITIES),
            (self.state["waits"], IN_WAITS),
        ):
            for record in records.values():
                self._check_records(record, known)
        for scope in self.state["scopes"].values():
            self._check_scope(scope)
        if self.reasons:
            return
        for activity in self.state["activities"].values():
            self._check_activity(activity)
        for wait in self.state["waits"].values():
            if wait["role"] in ("catch", "gateway"):
                self._check_wait(wait)

    def _check_records(self, record: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in sorted(set(record) - known):
            if record[key]:
                self._refuse(
                    "migrate.records",
                    None,
                    f"办件含有“{key}”记录，尚不能迁移。",
                    f"The instance holds records of “{key}”, which cannot be migrated yet.",
                )

    def _check_scope(self, scope: Scope) -> None:
        process = self.new.processes.get(scope["process"])
        if process is None:
            key = scope["process"]
            self._refuse("migrate.process", None, f"新版本没有流程 {key}。", f"The new version lacks {key}.")
            return
        if scope["element"] is not None:
            self._check_place(scope["process"], scope["element"])
        for flow in scope["joins"]:
            self._check_flow(scope["process"], flow)
        self._check_objects(scope["process"], scope["element"], scope.get("variables", {}))
        self._check_done(scope["process"], scope.get("done", []))

    def _check_objects(self, process: str, element: str | None, variables: Variables) -> None:
        """A value of a sub-process has no other place than the data object; a process keeps what it has."""
        if element is None:
            return
        for name in sorted(variables.keys() - self.data_objects(process, element).keys()):
            if variables[name] is not None:
                self._refuse(
                    "migrate.data-object",
                    element,
                    f"新版本的 {element} 没有数据对象 {name}，其值会丢失。",
                    f"{element} has no data object {name} in the new version; its value would be lost.",
                )

    def data_objects(self, process: str, element: str | None) -> Variables:
        """Return the data objects that the new version draws in a process or sub-process, all empty."""
        after = self.new.processes[process]
        drawn = after if element is None else after.elements.get(self.name(process, element))
        return {} if drawn is None else dict.fromkeys(each.id for each in drawn.data_objects)

    def _check_done(self, process: str, done: Sequence[Done]) -> None:
        """What may still be compensated must be there, or it could not be undone."""
        if process not in self.new.processes:
            self._refuse("migrate.process", None, f"新版本没有流程 {process}。", f"It lacks {process}.")
            return
        for each in done:
            after = self._check_place(process, each["element"])
            if after is not None and "inside" not in each and after.compensated_by is None:
                before = self.old.processes[process].elements[each["element"]]
                self._refuse_element(before, "migrate.handler", "不再有补偿活动", "is not undone there")
            if "inside" in each:
                self._check_inside(each["inside"])

    def _check_inside(self, inside: Inside) -> None:
        self._check_done(inside["process"], inside["done"])
        if inside["process"] in self.new.processes:
            self._check_objects(inside["process"], inside["element"], inside.get("variables", {}))

    def _check_flow(self, process: str, flow_id: str) -> None:
        """A token that waits at a join must find its flow and its join again."""
        before = self.old.processes[process]
        target = before.elements[before.flows[flow_id].target]
        flow = self.new.processes[process].flows.get(flow_id)
        after = None if flow is None else self.new.processes[process].elements[flow.target]
        if after is None or (after.id, after.kind) != (self.name(process, target.id), target.kind):
            self._refuse(
                "migrate.flow",
                target.id,
                f"有令牌停在顺序流 {flow_id} 的汇合处，新版本没有它。",
                f"A token waits at the join behind the flow {flow_id}, which the new version lacks.",
            )

    def _check_activity(self, activity: Activity) -> None:
        scope = self.state["scopes"][activity["scope"]]
        before = self.old.processes[scope["process"]].elements[activity["element"]]
        after = self._check_place(scope["process"], activity["element"])
        self._check_done(scope["process"], activity.get("done", []))
        if after is None:
            return
        if _repetition(before) != _repetition(after):
            self._refuse_element(before, "migrate.loop", "多实例或循环方式不同", "repeats in another way")
        if before.topic != after.topic:
            self._refuse_element(before, "migrate.topic", "自动处理的主题不同", "has another topic")
        if before.called_process != after.called_process:
            self._refuse_element(before, "migrate.called", "调用的流程不同", "calls another process")

    def _check_place(self, process: str, element_id: str) -> Element | None:
        """Find an element of the same kind in the same scope, or say why there is none."""
        before = self.old.processes[process].elements[element_id]
        after = self.new.processes[process].elements.get(self.name(process, element_id))
        if after is None:
            self._refuse_element(before, "migrate.element", "在新版本中不存在", "is not in the new version")
            return None
        if after.kind is not before.kind or after.triggered_by_event != before.triggered_by_event:
            self._refuse_element(before, "migrate.kind", "在新版本中类型不同", "is of another kind there")
            return None
        parent = None if before.parent is None else self.name(process, before.parent)
        if after.parent != parent:
            self._refuse_element(
                before, "migrate.scope", "在新版本中位于另一范围", "is in another scope there"
            )
            return None
        return after

    def _check_wait(self, wait: Wait) -> None:
        if self.heir(wait) is None:
            process = self.state["scopes"][wait["scope"]]["process"]
            before = self.old.processes[process].elements[wait["element"]]
            self._refuse_element(
                before, "migrate.event", "等待的事件在新版本中不同", "waits for another event"
            )

    def heir(self, wait: Wait) -> Element | None:
        """Return the element that goes on waiting in the new version; None if it waits for something else."""
        scope = self.state["scopes"][wait["scope"]]
        before = self.old.processes[scope["process"]].elements[wait["element"]]
        process = self.new.processes[scope["process"]]
        after = process.elements.get(self.name(process.key, before.id))
        if after is None or not is_same_event(before, after):
            return None
        if "activity" in wait:
            host = self.name(process.key, self.state["activities"][wait["activity"]]["element"])
            element = process.elements[host]
            if wait["role"] == "boundary" and after.attached_to != host:
                return None
            if wait["role"] == "gateway" and after.id not in {flow.target for flow in element.outgoing}:
                return None
        elif after.parent not in self._event_sub_processes(process, scope):
            return None
        return after

    def _event_sub_processes(self, process: Process, scope: Scope) -> tuple[str, ...]:
        if scope["element"] is None:
            return process.event_sub_processes
        return process.elements[self.name(process.key, scope["element"])].event_sub_processes

    def name(self, process: str, element_id: str) -> str:
        """Return what an element of the old version is called in the new one."""
        return self.mapping.get(process, {}).get(element_id, element_id)

    def process_of(self, scope_id: str) -> str:
        """Return the key of the process that a scope runs."""
        return self.state["scopes"][scope_id]["process"]

    def _refuse(self, rule: str, element_id: str | None, zh: str, en: str) -> None:
        reason = Reason(rule, element_id, Text(zh=zh, en=en))
        if reason not in self.reasons:
            self.reasons.append(reason)

    def _refuse_element(self, element: Element, rule: str, zh: str, en: str) -> None:
        self._refuse(rule, element.id, f"{element.name or element.id}{zh}。", f"{element.id} {en}.")


def _repetition(element: Element) -> tuple[Any, ...]:
    """How an element repeats: what its open and finished instances were given and asked has to stay.

    Votes are counted as they come in, so a vote cannot begin half-way.
    """
    loop = element.loop
    if loop is None:
        return (type(element.repeat),)
    given = (loop.item, loop.collection is None, loop.result_item is None)
    return type(loop), loop.sequential, given, element.approval is None


def is_same_event(before: Element, after: Element) -> bool:
    """Tell whether an event of the new version waits for what the one of the old version waits for."""
    return after.kind is before.kind and _event_kind(after) == _event_kind(before)


def _event_kind(element: Element) -> tuple[Any, ...]:
    """What an event waits for; of several things at once the names count too: they are not armed singly."""
    if element.event is None:
        return ()
    parts = element.event.definitions
    return tuple((part.kind, part.name if len(parts) > 1 else None) for part in parts)
