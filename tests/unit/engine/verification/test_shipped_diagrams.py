"""The diagrams that we ship: compiled, sound, agreed upon, and read by SpiffWorkflow as they are."""

from pathlib import Path

import pytest
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from engine.bpmn.compiler import compile_process_files
from engine.verification.second_opinion import second_opinion
from engine.verification.soundness import verify_soundness

PROCESSES = Path(__file__).parents[4] / "processes"
FILES = {str(path): path.read_bytes() for path in sorted(PROCESSES.glob("*/*.bpmn"))}
DECISIONS = {
    f"decisions/{path.name}": path.read_bytes() for path in sorted(PROCESSES.glob("*/decisions/*.dmn"))
}
KEYS = [Path(name).stem for name in FILES]
NET = compile_process_files({**FILES, **DECISIONS})


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_diagram_is_sound(key: str) -> None:
    report = verify_soundness(NET, key)

    assert [problem.message.en for problem in report.problems] == []
    assert report.is_complete


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_diagram_has_no_differences(key: str) -> None:
    opinion = second_opinion(NET, key, FILES)

    assert opinion.differences == ()
    assert opinion.walks >= 20


@pytest.mark.parametrize("name", FILES)
def test_a_shipped_diagram_loads_in_spiffworkflow_as_it_is(name: str) -> None:
    parser = SpiffBpmnParser()
    for content in FILES.values():
        parser.add_bpmn_str(content)
    for content in DECISIONS.values():
        parser.add_dmn_str(content)

    assert parser.get_spec(Path(name).stem).task_specs
