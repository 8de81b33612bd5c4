"""The second opinion: the same diagram, walked at random by two engines side by side.

Before a definition is deployed, our runtime and SpiffWorkflow go through it together.
They get the same decisions, the same work is completed and the same events happen; after
every step the same elements must be waiting. A difference blocks the deployment and is shown
with both answers. What cannot be compared is listed, see ``comparable``.

This is the only module that imports SpiffWorkflow.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition

from engine.bpmn.model import Expression, Net, Process
from engine.bpmn.problems import Problem
from engine.runtime.errors import Incident
from engine.verification.abstraction import INSTANCES, without_data
from engine.verification.comparable import Limits, limits_of
from engine.verification.own_walk import Move, OwnWalk, as_seen_from_outside
from engine.verification.spiff_diagram import rewrite, signal_of
from kernel.language import Text

ENOUGH_WALKS = 100
MOST_WALKS = 500
MOST_STEPS = 40
# Of this thread's own work: on a busy machine the walks take longer and are not fewer.
MOST_SECONDS = 1.5
_EVENTS_PER_STEP = 0.15

# SpiffWorkflow tells every step to its log; hundreds of walks would drown what matters.
for _name in ("spiff", "spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Difference:
    """A walk after which the two engines disagree: the moves, and what each has waiting."""

    process: str
    trace: tuple[str, ...]
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """How many walks were compared, where they differ, and what was not compared and why."""

    walks: int
    steps: int
    differences: tuple[Difference, ...]
    not_cross_checked: tuple[Text, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The differences as problems that block a deployment."""
        return tuple(
            Problem(
                difference.process,
                "second-opinion.difference",
                "error",
                Text(
                    zh=f"两个引擎的结果不同。路径：{' → '.join(difference.trace)}；"
                    f"本平台等待：{difference.ours}；SpiffWorkflow 等待：{difference.theirs}",
                    en=f"Two engines disagree. Way: {' → '.join(difference.trace)}; "
                    f"waiting here: {difference.ours}; in SpiffWorkflow: {difference.theirs}",
                ),
                Text(
                    zh="改画这一段；若确信图是正确的，请把两条路径报告给维护者。",
                    en="Draw this part differently; if you are sure it is right, report both ways.",
                ),
            )
            for difference in self.differences
        )

    @property
    def summary(self) -> Text:
        """One sentence on what was compared."""
        return Text(
            zh=f"与 SpiffWorkflow 对照了 {self.walks} 次随机行走共 {self.steps} 步，"
            f"差异 {len(self.differences)} 处。",
            en=f"{self.walks} random walks ({self.steps} steps) compared with SpiffWorkflow;"
            f" {len(self.differences)} differences.",
        )


def second_opinion(net: Net, process: str, files: Mapping[str, bytes], seed: int = 1) -> SecondOpinion:
    """Walk a process by both engines, from each of its start events.

    ``files`` are those that the net was compiled from; the one of the process is enough.
    """
    drawn = net.processes[process]
    limits = limits_of(drawn)
    comparison = _Comparison(net, drawn, limits, seed)
    for number, start_event in enumerate(drawn.starts):
        comparison.compare_from(start_event, files[drawn.file], share=1 / (len(drawn.starts) - number))
    unreached = [element_id for element_id in drawn.elements if element_id not in comparison.reached]
    return SecondOpinion(
        walks=comparison.walks,
        steps=comparison.steps,
        differences=tuple(comparison.differences),
        not_cross_checked=(*limits.reasons, *comparison.failures, *_unreached(unreached)),
    )


def _unreached(element_ids: list[str]) -> list[Text]:
    listed = ", ".join(element_ids)
    text = Text(zh=f"随机行走未到达：{listed}", en=f"No compared walk came to: {listed}")
    return [text] if element_ids else []


class _Decisions:
    """Gives both engines the same answer to the same condition in the same step."""

    def __init__(self) -> None:
        self._moment = ""
        self._given: dict[str, bool] = {}
        self._dead_ends: dict[str, bool] = {}

    def begin_step(self, moment: str) -> None:
        """Decide anew from here on."""
        self._moment = moment
        self._given = {}

    def decide(self, text: str) -> bool:
        """Toss a coin that depends on the moment and the text; mostly avoid what ended earlier walks."""
        text = text.strip()
        if text not in self._given:
            # No checksum: of two texts that differ in one letter, one answer would follow from the other.
            toss = int.from_bytes(sha256(f"{self._moment} {text}".encode()).digest()[:4])
            answer = toss % 2 == 0
            if text in self._dead_ends and toss // 2 % 4:
                answer = not self._dead_ends[text]
            self._given[text] = answer
        return self._given[text]

    def note_dead_end(self) -> None:
        """Remember the answers of this step: they led to where nothing can be compared."""
        self._dead_ends.update(self._given)

    def about(self, condition: Expression) -> bool:
        """Answer a condition of our own net."""
        return self.decide(condition.text)


class _Environment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # SpiffWorkflow has no types
    """SpiffWorkflow's way to evaluate: it decides like us, counts to two and runs no script."""

    def __init__(self, decide: Callable[[str], bool]) -> None:
        super().__init__({})
        self._decide = decide

    def evaluate(self, expression: str, context: Any, external_context: Any = None) -> Any:
        return INSTANCES if expression == str(INSTANCES) else self._decide(expression)

    def execute(self, script: str, context: Any, external_context: Any = None) -> bool:
        return True


class _SpiffWalk:
    """An instance in SpiffWorkflow."""

    def __init__(self, spec: Any, sub_specs: Any, decisions: _Decisions) -> None:
        engine = PythonScriptEngine(_Environment(decisions.decide))
        self._workflow = BpmnWorkflow(spec, sub_specs, script_engine=engine)
        self._workflow.do_engine_steps()

    @property
    def is_ended(self) -> bool:
        return bool(self._workflow.completed)

    def open_work(self) -> list[str]:
        return sorted(name for name, _ in self._ready())

    def _ready(self) -> list[tuple[str, Any]]:
        tasks = self._workflow.get_tasks(state=TaskState.READY, manual=True)
        return [
            (re.sub(r" \[child\]$", "", task.task_spec.bpmn_id or task.task_spec.name), task)
            for task in tasks
        ]

    def make(self, move: Move) -> None:
        if move.is_event:
            self._workflow.send_event(BpmnEvent(SignalEventDefinition(signal_of(move.element_id))))
        else:
            next(task for name, task in self._ready() if name == move.element_id).run()
        self._workflow.do_engine_steps()


class _Comparison:
    """Many walks of one process, until a difference is found or the time is up."""

    def __init__(self, net: Net, process: Process, limits: Limits, seed: int) -> None:
        self._decisions = _Decisions()
        self._net = without_data(as_seen_from_outside(net), self._decisions.about)
        self._process = self._net.processes[process.key]
        self._limits = limits
        self._seed = seed
        self._until = time.thread_time() + MOST_SECONDS
        self.walks = 0
        self.steps = 0
        self.reached: set[str] = set()
        self.differences: list[Difference] = []
        self.failures: list[Text] = []

    def compare_from(self, start_event: str, content: bytes, share: float) -> None:
        """Walk from one start event, with this share of the time that is left."""
        until = time.thread_time() + (self._until - time.thread_time()) * share
        try:
            parser = BpmnParser()
            parser.add_bpmn_str(rewrite(content, self._process, start_event))
            spec, sub_specs = (
                parser.get_spec(self._process.key),
                parser.get_subprocess_specs(self._process.key),
            )
        except Exception as error:  # Whatever the other engine fails with: it has no opinion then.
            self._fail("SpiffWorkflow 无法读取", "SpiffWorkflow cannot load it", start_event, error)
            return
        for number in range(MOST_WALKS):
            is_everything_seen = number >= ENOUGH_WALKS and self.reached.issuperset(self._process.elements)
            if self.differences or self.failures or is_everything_seen or time.thread_time() > until:
                return
            self._walk(number, start_event, spec, sub_specs)

    def _fail(self, zh: str, en: str, start_event: str, error: Exception) -> None:
        detail = f"{type(error).__name__}: {error}"[:200]
        self.failures.append(
            Text(zh=f"{zh}（{start_event}）：{detail}", en=f"{en} ({start_event}): {detail}")
        )

    def _walk(self, number: int, start_event: str, spec: Any, sub_specs: Any) -> None:
        """Make one walk side by side; it ends where the instances end or cannot be compared."""
        random = Random(f"{self._seed} {start_event} {number}")  # noqa: S311 - repeatable, not secret
        trace = [start_event]
        self._decisions.begin_step(f"{self._seed} {number} 0")
        try:
            own = OwnWalk(self._net, self._process, start_event, self._limits)
            other = _SpiffWalk(spec, sub_specs, self._decisions)
            self.walks += 1
            self.reached |= own.reached
            for step in range(1, MOST_STEPS):
                # Where a walk ends for good or leaves what can be compared, most others should go elsewhere.
                if own.is_beyond or self._differ(own, other, trace) or own.is_ended:
                    self._decisions.note_dead_end()
                    return
                move = _choose(own.moves(), random)
                trace.append(move.element_id)
                self._decisions.begin_step(f"{self._seed} {number} {step}")
                own.make(move)
                if not own.is_beyond:
                    other.make(move)
                    self.reached |= own.reached
                    self.steps += 1
        except Incident:
            # Soundness reports what our runtime refuses; there is nothing to compare behind it.
            self._decisions.note_dead_end()
        except Exception as error:  # See above: a failing second engine is no second opinion.
            self._fail("SpiffWorkflow 行走失败", "SpiffWorkflow failed while walking", start_event, error)

    def _differ(self, own: OwnWalk, other: _SpiffWalk, trace: list[str]) -> bool:
        ours = "∎" if own.is_ended else ", ".join(own.open_work())
        theirs = "∎" if other.is_ended else ", ".join(other.open_work())
        if ours == theirs:
            return False
        self.differences.append(Difference(self._process.key, tuple(trace), ours, theirs))
        return True


def _choose(moves: list[Move], random: Random) -> Move:
    """Prefer work over events, so that walks get far."""
    events = [move for move in moves if move.is_event]
    work = [move for move in moves if not move.is_event]
    if not work or (events and random.random() < _EVENTS_PER_STEP):
        return random.choice(events)
    return random.choice(work)
