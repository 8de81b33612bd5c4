"""Deciding: which rules match, and what the hit policy makes of them.

Source: DMN 1.3, clauses 8.2.10 (hit policy), 8.2.11 (aggregation), 6.3.7 (required decisions).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.bpmn.expression_operations import bounded_number
from engine.bpmn.expressions import ExpressionError
from engine.bpmn.model import Expression, JsonValue, Variables
from engine.dmn.model import SINGLE_HIT, Aggregation, Decision, Decisions, HitPolicy, Rule, Table
from kernel.language import Text

# One match: a value for each output.
Hit = Mapping[str, JsonValue]


class UndecidedError(Exception):
    """The rules contradict each other or the data: there is no decision. ``rule`` is a stable key."""

    def __init__(self, rule: str, message: Text) -> None:
        super().__init__(message.en)
        self.rule = rule
        self.message = message


def decide(decisions: Decisions, decision_id: str, variables: Variables) -> dict[str, Any]:
    """Evaluate a decision after those that it requires.

    Returns:
        Its outputs by name. A single-hit table gives one value for each, None where no rule
        matches and there is no default; the others give a list, in the order of the policy, or the
        aggregated number. ``hits`` holds the rows that matched, each as an object.

    Raises:
        UndecidedError: the table does not decide these data.
        ExpressionError: an expression has no value for these data.
    """
    decision = decisions[decision_id]
    known = dict(variables)
    for required in decision.requires:
        result = decide(decisions, required, variables)
        known[decisions[required].variable] = _as_value(result, decisions[required])
    if isinstance(decision.logic, Expression):
        return {decision.variable: decision.logic.evaluate(known)}
    return _decide_table(decision, decision.logic, known)


def _as_value(result: Mapping[str, Any], decision: Decision) -> JsonValue:
    """Return what another decision sees: the value of a single output, else an object of all."""
    if isinstance(decision.logic, Expression):
        return result[decision.variable]
    names = [output.name for output in decision.logic.outputs]
    return result[names[0]] if len(names) == 1 else {name: result[name] for name in names}


def _decide_table(decision: Decision, table: Table, variables: Variables) -> dict[str, Any]:
    values = [_input(decision, position, table, variables) for position in range(len(table.inputs))]
    matching = [rule for rule in table.rules if _matches(rule, values, variables)]
    hits = [_hit(rule, table, variables, decision) for rule in matching]
    if table.hit_policy in SINGLE_HIT:
        return _single(decision, table, matching, hits, variables)
    if table.hit_policy is HitPolicy.OUTPUT_ORDER:
        hits = sorted(hits, key=lambda hit: _priority(hit, table))
    if table.aggregation is not None:
        return {table.outputs[0].name: _aggregate(table, hits, decision), "hits": hits}
    return {**{each.name: [hit[each.name] for hit in hits] for each in table.outputs}, "hits": hits}


def _input(decision: Decision, position: int, table: Table, variables: Variables) -> JsonValue:
    column = table.inputs[position]
    value = column.expression.evaluate(variables)
    if column.allowed is not None and not column.allowed(value, variables):
        raise UndecidedError(
            "decision.input-not-allowed",
            Text(
                zh=f"决策“{decision.name}”的输入“{column.label}”不允许取值 {value!r}。",
                en=f"The decision “{decision.name}” does not allow {value!r} for “{column.label}”.",
            ),
        )
    return value


def _matches(rule: Rule, values: Sequence[JsonValue], variables: Variables) -> bool:
    return all(test(value, variables) for test, value in zip(rule.tests, values, strict=True))


def _hit(rule: Rule, table: Table, variables: Variables, decision: Decision) -> dict[str, JsonValue]:
    hit = {
        output.name: expression.evaluate(variables)
        for output, expression in zip(table.outputs, rule.outputs, strict=True)
    }
    for output in table.outputs:
        if output.values and hit[output.name] not in output.values:
            raise UndecidedError(
                "decision.output-not-allowed",
                Text(
                    zh=f"决策“{decision.name}”规则 {rule.number} 的输出 {output.name} 不在允许的取值中。",
                    en=f"Rule {rule.number} of “{decision.name}” gives {output.name} a value not allowed.",
                ),
            )
    return hit


def _single(
    decision: Decision, table: Table, matching: Sequence[Rule], hits: Sequence[Hit], variables: Variables
) -> dict[str, Any]:
    if not hits:
        defaults = {
            each.name: None if each.default is None else each.default.evaluate(variables)
            for each in table.outputs
        }
        return {**defaults, "hits": []}
    _require_agreement(decision, table.hit_policy, matching, hits)
    is_ranked = table.hit_policy is HitPolicy.PRIORITY
    chosen = min(hits, key=lambda hit: _priority(hit, table)) if is_ranked else hits[0]
    return {**chosen, "hits": [dict(chosen)]}


def _require_agreement(
    decision: Decision, policy: HitPolicy, matching: Sequence[Rule], hits: Sequence[Hit]
) -> None:
    """UNIQUE allows one match, ANY several with the same outputs; both promise it, so it is checked."""
    numbers = "、".join(str(rule.number) for rule in matching)
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        raise UndecidedError(
            "decision.not-unique",
            Text(
                zh=f"决策“{decision.name}”要求唯一命中，规则 {numbers} 同时命中。",
                en=f"“{decision.name}” promises one match; rules {numbers} match.",
            ),
        )
    if policy is HitPolicy.ANY and any(dict(hit) != dict(hits[0]) for hit in hits):
        raise UndecidedError(
            "decision.any-differs",
            Text(
                zh=f"决策“{decision.name}”命中的规则 {numbers} 输出不一致。",
                en=f"“{decision.name}”: rules {numbers} match and give different outputs.",
            ),
        )


def _priority(hit: Hit, table: Table) -> tuple[int, ...]:
    """Rank a match by its outputs, first output first; an earlier allowed value is more important."""
    return tuple(output.values.index(hit[output.name]) for output in table.outputs)


_AGGREGATES: Mapping[Aggregation, Callable[[Sequence[Any]], Any]] = {
    Aggregation.SUM: sum,
    Aggregation.MIN: min,
    Aggregation.MAX: max,
}


def _aggregate(table: Table, hits: Sequence[Hit], decision: Decision) -> JsonValue:
    """Make one number of all matches; of none, the count is 0 and everything else is nothing."""
    if table.aggregation is None or table.aggregation is Aggregation.COUNT:
        return len(hits)
    values = [hit[table.outputs[0].name] for hit in hits]
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in values):
        raise ExpressionError(
            Text(
                zh=f"决策“{decision.name}”汇总的输出必须是数字。",
                en=f"“{decision.name}” aggregates outputs that are not numbers.",
            )
        )
    return bounded_number(_AGGREGATES[table.aggregation](values)) if values else None
