"""What verification says about random diagrams, against what their walks show."""

from hypothesis import assume, given, settings

from engine.bpmn.problems import DefinitionRefused
from engine.verification import second_opinion as second_opinion_module
from engine.verification.second_opinion import second_opinion
from engine.verification.soundness import verify_soundness
from tests.properties.drawings import Drawing, blocks, graphs, write
from tests.properties.shapes import SOUND
from tests.properties.test_runtime import SETTINGS
from tests.properties.token_game import EndlessPlay, TokenGame
from tests.unit.engine.diagram import net


@settings(SETTINGS, max_examples=40)
@given(drawing=blocks(depth=2, shapes=SOUND))
def test_nested_blocks_are_sound(drawing: Drawing) -> None:
    report = verify_soundness(net(write(drawing)))

    # Whether a condition still holds when its token comes is up to data: a warning where one is awaited.
    waits_for_condition = "until" in drawing.kinds.values()
    assert [each for each in report.violations if each.is_certain or not waits_for_condition] == []
    # What events start beside their host may pile up without end.
    assert report.is_complete or drawing.aside


@settings(SETTINGS, max_examples=60)
@given(drawing=graphs())
def test_a_sound_verdict_holds_in_the_token_game(drawing: Drawing) -> None:
    try:
        report = verify_soundness(net(write(drawing)))
    except DefinitionRefused:
        assume(False)
    assume(report.is_sound)

    assert _every_marking_can_end(drawing)


def _every_marking_can_end(drawing: Drawing) -> bool:
    """Play all answers in all orders; in a sound diagram no marking repeats a task or is stuck."""
    waiting: list[tuple[tuple[str, int | None], ...]] = [()]
    seen: set[tuple[object, ...]] = set()
    while waiting:
        moves = waiting.pop()
        try:
            game = TokenGame(drawing)
            for name, answer in moves:
                game.complete(name, answer)
        except EndlessPlay:
            return False
        marking = (tuple(sorted((+game.on_flows).items())), tuple(game.open))
        if marking in seen:
            continue
        seen.add(marking)
        if len(set(game.open)) < len(game.open) or (not game.open and not game.is_ended):
            return False
        for name in game.open:
            answers = range(drawing.answers(name)) if drawing.kinds[name] == "choice" else [None]
            waiting += [(*moves, (name, answer)) for answer in answers]
    return True


@settings(SETTINGS, max_examples=15)
@given(drawing=blocks(joins_in_loops=False, shapes=SOUND))
def test_spiffworkflow_agrees_where_it_executes_correctly(drawing: Drawing) -> None:
    content = write(drawing)
    walks = second_opinion_module.MOST_WALKS
    second_opinion_module.MOST_WALKS = 8
    try:
        opinion = second_opinion(net(content), "p", {"0.bpmn": content})
    finally:
        second_opinion_module.MOST_WALKS = walks

    assert opinion.differences == ()
