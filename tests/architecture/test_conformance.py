"""What is said to be covered is: each covered requirement has its test, and a fault that turns it red."""

import re

import pytest

from domain.conformance.matrix import FOLDER, Row, Status, coverage, matrix, requirements
from tests.processes.drawing import Drawing
from tests.processes.story import PROCESSES
from tools.conformance import pages
from tools.conformance.faults import Fault, faults, red_faults
from tools.conformance.proofs import proofs

PROOFS = proofs()
RED = red_faults(PROOFS)
COVERED = [row for row in matrix() if row.status is Status.COVERED]


def test_the_standard_has_its_225_requirements() -> None:
    assert len(requirements()) == 225


def test_the_matrix_has_a_row_for_each_requirement() -> None:
    assert [row.requirement.id for row in matrix()] == list(requirements())


@pytest.mark.parametrize("row", COVERED, ids=lambda row: row.requirement.id)
def test_a_covered_requirement_has_its_test_and_a_fault_that_turns_it_red(row: Row) -> None:
    shown = {each for proof in PROOFS for each in proof.requirements}
    noticed = {each for fault in RED for each in fault.requirements}

    assert row.requirement.id in shown, "no test is marked with @pytest.mark.requirement for it"
    assert row.requirement.id in noticed, "no seeded fault is known to be noticed: run make conformance"


def test_tests_name_requirements_that_exist() -> None:
    assert {each for proof in PROOFS for each in proof.requirements} <= set(requirements())


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: f"{fault.area}-{fault.requirements[0]}")
def test_a_seeded_fault_strikes_one_place_and_a_test_of_its_requirement(fault: Fault) -> None:
    marked = {proof.test: set(proof.requirements) for proof in PROOFS}

    assert fault.occurrences == 1, f"{fault.file} holds the text {fault.occurrences} times"
    assert set(fault.requirements) <= marked.get(fault.test, set())


@pytest.mark.parametrize("row", COVERED, ids=lambda row: row.requirement.id)
def test_elements_that_meet_a_requirement_are_drawn(row: Row) -> None:
    for name in row.means.get("element", ()):
        key, _, element = name.partition("#")
        assert re.fullmatch(r"[a-z-]+#[a-z0-9_]+", name), f"{name} is not of the form process-key#element_id"
        drawing = Drawing(PROCESSES / key / f"{key}.bpmn")
        assert drawing.root.xpath(f"//*[@id='{element}']"), f"{name} is not in the diagram"


def test_every_requirement_has_a_row_of_its_own() -> None:
    rows = coverage(sorted((FOLDER / "coverage").glob("*.toml")))

    assert set(requirements()) - set(rows) == set()


def test_the_written_matrix_is_up_to_date() -> None:
    assert pages.SHOWN.read_text(encoding="utf-8") == pages.shown(PROOFS, RED), "run make conformance"
    assert pages.REFERENCE.read_text(encoding="utf-8") == pages.reference(matrix()), "run make conformance"
