"""Writing a drawing as BPMN."""

from collections import defaultdict

from tests.properties.sketch import Drawing
from tests.unit.engine.diagram import (
    boundary,
    condition,
    escalation,
    event,
    event_sub_process,
    exclusive,
    inclusive,
    link,
    node,
    output,
    parallel,
    signal,
    sub_process,
    user,
    xml,
)

_SCOPES = frozenset({"handler", "helper"})


def write(drawing: Drawing) -> bytes:
    """Write a drawing as BPMN."""
    flows: dict[str, list[str]] = defaultdict(list)
    for number, (source, target, answer) in enumerate(drawing.flows):
        flows[drawing.parent[source]].append(
            f"{source} -[f{number}{_condition(drawing, source, answer)}]-> {target}"
        )
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    # Inner scopes first: a sub-process is written with all that it contains.
    for name in sorted(drawing.kinds, key=lambda each: -_depth(drawing, each)):
        inner = ("\n".join(flows[name]), nodes[name])
        nodes[drawing.parent[name]][name] = _written(drawing, name, inner)
    return xml("\n".join(flows[""]), **nodes[""])


def _condition(drawing: Drawing, source: str, answer: int | None) -> str:
    chooser = source.removesuffix("_g")
    if answer is None or drawing.answers(chooser) < 2:
        return ""
    if drawing.takes_several(chooser):
        return f": {answer} in {chooser}_answer"
    return f": {chooser}_answer == {answer}"


def _depth(drawing: Drawing, name: str) -> int:
    depth = 0
    while drawing.parent[name]:
        name, depth = drawing.parent[name], depth + 1
    return depth


def _written(drawing: Drawing, name: str, inner: tuple[str, dict[str, str]]) -> str:
    kind = drawing.kinds[name]
    if kind == "choice":
        return user(output(f"{name}_answer", "answer"))
    if kind == "task":
        return user(_outputs(drawing, name))
    if kind == "sub":
        return sub_process(inner[0], **inner[1])
    if kind in _SCOPES:
        return event_sub_process(inner[0], **inner[1])
    if name in drawing.host:
        return _boundary(drawing, name, kind)
    return _plain(drawing, name, kind)


def _outputs(drawing: Drawing, name: str) -> str:
    said = output(f"{drawing.speaks[name]}_said", "True") if name in drawing.speaks else ""
    return said + (output(drawing.writes[name], "1") if name in drawing.writes else "")


def _boundary(drawing: Drawing, name: str, kind: str) -> str:
    code = drawing.codes.get(name)
    definition = signal(name) if code is None else escalation(None if code == "any" else code)
    return boundary(drawing.host[name], definition, interrupting=kind in {"boundary", "ended"})


def _plain(drawing: Drawing, name: str, kind: str) -> str:
    if kind == "trigger":
        is_interrupting = drawing.kinds[drawing.parent[name]] == "handler"
        return event("startEvent", signal(name), isInterrupting=str(is_interrupting).lower())
    written = {
        "start": node("startEvent"),
        "end": node("endEvent"),
        "xor": exclusive(),
        "and": parallel(),
        "or": inclusive(),
        "race": node("eventBasedGateway"),
        "catch": event("intermediateCatchEvent", signal(name)),
        "until": event("intermediateCatchEvent", condition(f"{name}_said")),
        "link": event("intermediateThrowEvent", link(drawing.links.get(name, ""))),
        "target": event("intermediateCatchEvent", link(name)),
        "up": event("intermediateThrowEvent", escalation(drawing.codes.get(name))),
    }
    return written[kind]
