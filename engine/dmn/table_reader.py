"""Reading one decision table: its columns, its rows, and what its hit policy demands of them.

Source: DMN 1.3, clauses 8.2.6 to 8.2.11, 8.3.
"""

from collections.abc import Iterator

from engine.bpmn.expressions import ExpressionError, compile_expression, is_variable_name
from engine.bpmn.findings import Findings
from engine.bpmn.model import Expression, JsonValue
from engine.bpmn.xml_source import Node
from engine.dmn.model import SINGLE_HIT, Aggregation, HitPolicy, Input, Output, Rule, Table, UnaryTests
from engine.dmn.unary_tests import compile_unary_tests
from kernel.language import Text

MOST_RULES = 1_000
# The result of every decision has this field beside its outputs.
HITS = "hits"


def read_table(decision_id: str, node: Node, namespace: str, findings: Findings) -> Table | None:
    """Read a decision table; None when something in it cannot be executed as it stands."""
    reader = _TableReader(decision_id, namespace, findings)
    return reader.read(node)


class _TableReader:
    """Reads the parts of one table and notes what is wrong with them."""

    def __init__(self, decision_id: str, namespace: str, findings: Findings) -> None:
        self.decision_id = decision_id
        self.namespace = namespace
        self.findings = findings
        self.is_sound = True

    def read(self, node: Node) -> Table | None:
        policy = HitPolicy(self._one_of(node, "hitPolicy", "UNIQUE", [each.value for each in HitPolicy]))
        written = node.get("aggregation")
        aggregation = None
        if written is not None:
            aggregation = Aggregation(
                self._one_of(node, "aggregation", "SUM", [each.value for each in Aggregation])
            )
        inputs = tuple(self._input(each) for each in self._children(node, "input"))
        outputs = tuple(self._output(each) for each in self._children(node, "output"))
        rules = tuple(
            self._rule(number, each, len(inputs), len(outputs))
            for number, each in enumerate(self._children(node, "rule"), start=1)
        )
        table = Table(policy, aggregation, inputs, outputs, rules)
        self._check(table)
        return table if self.is_sound else None

    def _children(self, node: Node, tag: str) -> Iterator[Node]:
        return node.iterchildren(f"{{{self.namespace}}}{tag}")

    def _text(self, node: Node | None) -> str:
        return "" if node is None else (node.findtext(f"{{{self.namespace}}}text") or "").strip()

    def _refuse(self, rule: str, message: Text, cure: Text) -> None:
        self.is_sound = False
        self.findings.refuse(self.decision_id, rule, message, cure)

    def _one_of(self, node: Node, attribute: str, default: str, known: list[str]) -> str:
        value = node.get(attribute, default)
        if value in known:
            return value
        self._refuse(
            "dmn.attribute",
            Text(zh=f"{attribute} 不支持取值 {value}。", en=f"Value {value} of {attribute} is not executed."),
            Text(zh=f"可用的取值：{', '.join(known)}", en=f"Possible values: {', '.join(known)}"),
        )
        return default

    def _expression(self, where: str, text: str) -> Expression:
        """Compile FEEL where it means the same as our own language."""
        try:
            return compile_expression(f"= {text}")
        except ExpressionError as error:
            self.is_sound = False
            self.findings.refuse_expression(self.decision_id, where, error)
            return _NOTHING

    def _tests(self, where: str, text: str) -> UnaryTests:
        try:
            return compile_unary_tests(text)
        except ExpressionError as error:
            self.is_sound = False
            self.findings.refuse_expression(self.decision_id, where, error)
            return compile_unary_tests("-")

    def _input(self, node: Node) -> Input:
        expression = node.find(f"{{{self.namespace}}}inputExpression")
        label = node.get("label") or self._text(expression)
        values = self._text(node.find(f"{{{self.namespace}}}inputValues"))
        return Input(
            label=label,
            expression=self._expression(label, self._text(expression)),
            allowed=self._tests(label, values) if values else None,
        )

    def _output(self, node: Node) -> Output:
        name = node.get("name") or ""
        if not is_variable_name(name) or name == HITS:
            self._refuse(
                "dmn.output-name",
                Text(
                    zh=f"输出列的名称“{name}”不能用作变量名。", en=f"The output name “{name}” cannot be used."
                ),
                Text(
                    zh=f"以字母开头，只用字母、数字和下划线，且不是 {HITS}。",
                    en=f"Begin with a letter; use letters, digits, underscores; not {HITS}.",
                ),
            )
        values = self._text(node.find(f"{{{self.namespace}}}outputValues"))
        default = self._text(node.find(f"{{{self.namespace}}}defaultOutputEntry"))
        return Output(
            name=name,
            values=self._literals(name, values) if values else (),
            default=self._expression(f"{name} default", default) if default else None,
        )

    def _literals(self, name: str, text: str) -> tuple[JsonValue, ...]:
        """Read the allowed values of an output: literals, separated by commas."""
        values = self._expression(f"{name} values", f"[{text}]")
        if values.names:
            self._refuse(
                "dmn.output-values",
                Text(zh=f"{name} 的允许取值必须是字面值。", en=f"The values of {name} must be literals."),
                Text(zh='例如："高","中","低"', en='For example: "high","medium","low"'),
            )
            return ()
        return tuple(values.evaluate({}) or ())

    def _rule(self, number: int, node: Node, inputs: int, outputs: int) -> Rule:
        cells = [self._text(each) for each in self._children(node, "inputEntry")]
        results = [self._text(each) for each in self._children(node, "outputEntry")]
        if len(cells) != inputs or len(results) != outputs:
            self._refuse(
                "dmn.rule-size",
                Text(
                    zh=f"规则 {number} 的单元格数与列数不同。",
                    en=f"Rule {number} has not one cell per column.",
                ),
                Text(zh="在建模器中补全该行。", en="Complete the row in the modeler."),
            )
        where = f"{number}"
        return Rule(
            number=number,
            tests=tuple(self._tests(where, cell) for cell in cells),
            outputs=tuple(_NOTHING if not each else self._expression(where, each) for each in results),
        )

    def _check(self, table: Table) -> None:
        """Check what the hit policy and the aggregation demand."""
        policy, names = table.hit_policy, [each.name for each in table.outputs]
        if not names or len(set(names)) < len(names) or not table.inputs or len(table.rules) > MOST_RULES:
            self._refuse(
                "dmn.columns",
                Text(
                    zh=f"决策表需要输入列、名称不同的输出列，且不超过 {MOST_RULES} 条规则。",
                    en=f"A table takes inputs, outputs with different names, and at most {MOST_RULES} rules.",
                ),
                Text(zh="补上缺少的列，或拆分决策。", en="Add what is missing, or split the decision."),
            )
        is_ranked = policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER}
        if is_ranked and not all(each.values for each in table.outputs):
            self._refuse(
                "dmn.values-missing",
                Text(
                    zh=f"{policy} 需要每个输出列的取值顺序。", en=f"{policy} needs the values of each output."
                ),
                Text(
                    zh="填写 outputValues，最优先的在前。",
                    en="Fill in outputValues, the most important first.",
                ),
            )
        if table.aggregation is not None and (policy is not HitPolicy.COLLECT or len(names) != 1):
            self._refuse(
                "dmn.aggregation",
                Text(zh="汇总只用于单输出的 COLLECT 表。", en="Only COLLECT with one output aggregates."),
                Text(zh="删除 aggregation，或改用 COLLECT。", en="Remove the aggregation or use COLLECT."),
            )
        if policy not in SINGLE_HIT and any(each.default is not None for each in table.outputs):
            self._refuse(
                "dmn.default-of-many",
                Text(
                    zh="默认输出只用于单命中策略。", en="A default output goes with single-hit policies only."
                ),
                Text(zh="删除 defaultOutputEntry。", en="Remove defaultOutputEntry."),
            )


_NOTHING = compile_expression("= null")
