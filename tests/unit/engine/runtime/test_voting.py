"""Votes: all, any, a share; when they end, and what they decide."""

import random
from fractions import Fraction

import pytest

from engine.bpmn.model import Net
from engine.bpmn.problems import DefinitionRefused
from engine.runtime.commands import AddSignatory, RemoveSignatory
from engine.runtime.effects import UserTaskClosed
from engine.runtime.errors import Incident
from engine.verification.comparable import limits_of
from engine.verification.soundness import verify_soundness
from tests.unit.engine import diagram as d
from tests.unit.engine.instance import Instance

AGREE, REFUSE = "agree", "refuse"


def vote(rule: str, sequential: bool = False, **attributes: str) -> Net:
    """Return a vote with its decision in ``decided``."""
    loop = d.instances(count="voters", sequential=sequential)
    task = d.user("", loop, zujian_approval=rule, zujian_decision="decided", **attributes)
    return d.diagram("start -> review -> later -> end", review=task, later=d.user())


def cast(case: Instance, *outcomes: str) -> str | None:
    """Let one open voter after the other say something; returns the decision, None while there is none."""
    for outcome in outcomes:
        case.complete("review", outcome=outcome)
    return case.variables.get("decided")


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(
    ("rule", "voters", "outcomes", "decision"),
    [
        ("all", 3, [AGREE, AGREE, AGREE], AGREE),
        ("all", 3, [AGREE, REFUSE], REFUSE),
        ("all", 3, [REFUSE], REFUSE),
        ("any", 3, [REFUSE, AGREE], AGREE),
        ("any", 3, [REFUSE, REFUSE, REFUSE], REFUSE),
        ("any", 1, [AGREE], AGREE),
        # Exactly half is half.
        ("50%", 4, [AGREE, REFUSE, AGREE], AGREE),
        ("50%", 4, [REFUSE, REFUSE, REFUSE], REFUSE),
        # 60 % of 5 are 3; of 3 they are 1.8, so 2.
        ("60%", 5, [AGREE, AGREE, REFUSE, AGREE], AGREE),
        ("60%", 5, [REFUSE, REFUSE, REFUSE], REFUSE),
        ("60%", 3, [AGREE, REFUSE, AGREE], AGREE),
        ("60%", 3, [AGREE, REFUSE, REFUSE], REFUSE),
        # Two thirds exactly, which no percentage is.
        ("2/3", 3, [AGREE, AGREE], AGREE),
        ("67%", 3, [AGREE, AGREE, REFUSE], REFUSE),
        ("1%", 2, [REFUSE, AGREE], AGREE),
        ("100%", 2, [AGREE, AGREE], AGREE),
    ],
)
def test_a_vote_ends_as_soon_as_it_is_decided(
    rule: str, voters: int, outcomes: list[str], decision: str, sequential: bool
) -> None:
    case = Instance(vote(rule, sequential), voters=voters)

    before = cast(case, *outcomes[:-1])
    after = cast(case, outcomes[-1])

    assert (before, after) == (None, decision)
    assert case.work == ["later"]


def test_who_has_not_voted_when_it_is_decided_is_not_asked_any_more() -> None:
    case = Instance(vote("all"), voters=3)

    cast(case, REFUSE)

    assert [each.completed for each in case.happened(UserTaskClosed)] == [True, False, False]


def test_in_turn_the_next_is_asked_only_while_the_vote_is_open() -> None:
    case = Instance(vote("all", sequential=True), voters=3)
    assert case.work == ["review"]

    cast(case, AGREE)
    assert case.work == ["review"]
    cast(case, REFUSE)

    assert case.work == ["later"]


@pytest.mark.parametrize("seed", range(60))
def test_a_vote_decides_what_the_share_says(seed: int) -> None:
    chance = random.Random(seed)
    voters, percent = chance.randint(1, 9), chance.randint(1, 100)
    outcomes = [chance.choice((AGREE, REFUSE)) for _ in range(voters)]
    case = Instance(vote(f"{percent}%", chance.random() < 0.5), voters=voters)

    said = []
    for outcome in outcomes:
        if "decided" in case.variables:
            break
        cast(case, outcome)
        said.append(outcome)

    # Whoever was not asked any more could not have changed it.
    for rest in (AGREE, REFUSE):
        full = said + [rest] * (voters - len(said))
        reached = Fraction(full.count(AGREE), voters) >= Fraction(percent, 100)
        assert case.variables["decided"] == (AGREE if reached else REFUSE)


def test_a_withdrawal_by_the_initiator_decides() -> None:
    case = Instance(vote("any"), voters=3)

    assert cast(case, REFUSE, "withdraw") == "withdraw"


def test_nothing_is_agreed_where_nobody_votes() -> None:
    with pytest.raises(Incident) as refused:
        Instance(vote("all"), voters=0)

    assert refused.value.rule == "approval.nobody"


def test_a_vote_in_a_loop_begins_anew() -> None:
    task = d.user("", d.instances(count="2"), zujian_approval="all", zujian_decision="decided")
    case = Instance(
        d.diagram(
            """start -> merge -> review -> decide -[yes: decided == 'agree']-> end
               decide -[no]-> merge""",
            merge=d.exclusive(),
            review=task,
            decide=d.exclusive("no"),
        )
    )

    cast(case, AGREE, REFUSE, AGREE, AGREE)

    assert case.end is not None


def test_an_added_voter_counts_and_a_removed_one_does_not() -> None:
    case = Instance(vote("all"), voters=2)
    case.send(AddSignatory(case.activity("review"), "beside", ({"person": "x"},)))
    added = case.activity("review", 2)
    assert cast(case, AGREE, AGREE) is None

    case.send(RemoveSignatory(added))

    assert case.variables["decided"] == AGREE
    assert case.work == ["later"]


def test_removing_a_voter_before_anybody_voted_decides_nothing() -> None:
    case = Instance(vote("any"), voters=1)
    case.send(AddSignatory(case.activity("review"), "beside", ({"person": "x"},)))

    case.send(RemoveSignatory(case.activity("review", 1)))

    assert "decided" not in case.variables
    assert case.work == ["review"]


def test_a_signatory_before_a_voter_decides_that_vote_only() -> None:
    case = Instance(vote("50%"), voters=2)
    case.send(AddSignatory(case.activity("review"), "before", ({"person": "x"},)))
    signature = case.activity("review", 1)
    assert case._state["activities"][signature]["place"] == "before"

    case.complete("review", 1, outcome=REFUSE)
    assert "decided" not in case.variables

    assert cast(case, AGREE) == AGREE


@pytest.mark.parametrize(
    ("rule", "attributes", "loop"),
    [
        ("most", {"zujian_decision": "v"}, d.instances(count="2")),
        ("0%", {"zujian_decision": "v"}, d.instances(count="2")),
        ("101%", {"zujian_decision": "v"}, d.instances(count="2")),
        ("3/2", {"zujian_decision": "v"}, d.instances(count="2")),
        ("all", {}, d.instances(count="2")),
        ("all", {"zujian_decision": "v"}, ""),
        ("all", {"zujian_decision": "v"}, d.instances(count="2", until="numberOfCompletedInstances > 1")),
    ],
)
def test_a_vote_that_cannot_be_held_is_refused(rule: str, attributes: dict[str, str], loop: str) -> None:
    with pytest.raises(DefinitionRefused) as refused:
        d.diagram("start -> review -> end", review=d.user("", loop, zujian_approval=rule, **attributes))

    assert {(problem.element_id, problem.rule) for problem in refused.value.problems} == {
        ("review", "user-task.approval")
    }


def test_soundness_sees_that_a_vote_may_end_early() -> None:
    net = vote("all")

    report = verify_soundness(net, "p")

    assert report.is_sound


def test_votes_are_named_as_not_compared() -> None:
    limits = limits_of(vote("any").processes["p"])

    assert "review" in limits.ends_at
