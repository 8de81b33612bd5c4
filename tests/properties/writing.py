"""Writing a drawing as BPMN."""

from collections import defaultdict

from tests.properties.sketch import Drawing
from tests.unit.engine.diagram import (
    boundary,
    condition,
    data_object,
    escalation,
    event,
    event_sub_process,
    exclusive,
    extensions,
    inclusive,
    link,
    node,
    output,
    parallel,
    reads,
    signal,
    sub_process,
    user,
    writes,
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
    for name, scope in drawing.objects.items():
        nodes[scope][name] = data_object(name)
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
    if kind in {"task", "choice"}:
        return user(_outputs(drawing, name, kind), _associations(drawing, name), **_form(drawing, name))
    if kind == "sub":
        outputs = _outputs(drawing, name, kind)
        carried = extensions(outputs) if outputs else ""
        return sub_process(inner[0], carried + _associations(drawing, name), **inner[1])
    if kind in _SCOPES:
        return event_sub_process(inner[0], **inner[1])
    if name in drawing.host:
        return _boundary(drawing, name, kind)
    return _plain(drawing, name, kind)


def _outputs(drawing: Drawing, name: str, kind: str) -> str:
    outputs = {f"{name}_answer": "answer"} if kind == "choice" else {}
    if name in drawing.speaks:
        outputs[f"{drawing.speaks[name]}_said"] = "True"
    if name in drawing.writes:
        outputs[drawing.writes[name]] = "1"
    if name in drawing.by_output:
        outputs |= {each: f"for_{each}" for each in drawing.fills.get(name, ())}
    if name in drawing.carries:
        inner, outer = drawing.carries[name]
        outputs[outer] = inner
    return "".join(output(variable, expression) for variable, expression in outputs.items())


def _associations(drawing: Drawing, name: str) -> str:
    """Write the associations to and from data objects; outputs need none, and may have them."""
    read = "".join(reads(each) for each in drawing.needs.get(name, ()))
    return read + "".join(writes(each) for each in drawing.fills.get(name, ()))


def _form(drawing: Drawing, name: str) -> dict[str, str]:
    return {"zujian_prefill": f"{{'seen': {drawing.shows[name]}}}"} if name in drawing.shows else {}


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
