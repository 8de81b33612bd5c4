"""Random diagrams: nested blocks that are sound by construction, and free graphs that are not.

A drawing is plain data that knows nothing of the engine. ``token_game`` plays it and
``write`` turns it into BPMN; ``shapes`` holds the blocks.
"""

from collections.abc import Collection, Mapping

from hypothesis import strategies as st

from tests.properties.shapes import JOINING, PLAIN, Ends, Shape
from tests.properties.sketch import Drawing as Drawing
from tests.properties.sketch import choice
from tests.properties.writing import write as write

PLAIN_NODES = ("task", "choice", "and", "and")
ALL_NODES = (*PLAIN_NODES, "pick", "or", "or")


@st.composite
def blocks(
    draw: st.DrawFn,
    depth: int = 3,
    joins_in_loops: bool = True,
    shapes: Mapping[str, Shape] = PLAIN,
) -> Drawing:
    """Draw nested blocks between a start and an end."""
    drawing = Drawing()
    first, last = drawing.add("start"), drawing.add("end")

    def block(levels: int, in_loop: bool) -> Ends:
        possible = [each for each in shapes if joins_in_loops or not in_loop or each not in JOINING]
        # Joins are what most can go wrong with.
        possible += [each for each in possible if each in JOINING]
        shape = draw(st.sampled_from(possible if levels else ["task"]))
        return shapes[shape](draw, drawing, lambda: block(levels - 1, in_loop or shape == "rework"))

    begin, finish = block(depth, False)
    drawing.connect(first, begin)
    drawing.connect(finish, last)
    return drawing


@st.composite
def graphs(draw: st.DrawFn, kinds: Collection[str] = PLAIN_NODES) -> Drawing:
    """Draw a chain of nodes with flows to anywhere: joins that starve, tokens that multiply."""
    drawing = Drawing()
    first, last = drawing.add("start"), drawing.add("end")
    entries, exits = [], []
    for _ in range(draw(st.integers(2, 7))):
        kind = draw(st.sampled_from(list(kinds)))
        is_choice = kind in {"choice", "pick"}
        name = choice(drawing, "or" if kind == "pick" else "xor") if is_choice else drawing.add(kind)
        entries.append(name)
        exits.append(f"{name}_g" if is_choice else name)
    for source, target in zip([first, *exits], [*entries, last], strict=True):
        drawing.connect(source, target, 0 if source.endswith("_g") else None)
    for exit_ in exits:
        # An inclusive gateway without a choice before it only joins.
        if not exit_.startswith(("task", "or")):
            for target in draw(st.lists(st.sampled_from([*entries, last]), max_size=2, unique=True)):
                answer = len(drawing.outgoing(exit_)) if exit_.endswith("_g") else None
                drawing.connect(exit_, target, answer)
    for name in entries:
        if drawing.kinds[name] == "task":
            drawing.writes[name] = draw(st.sampled_from(["x", "y", "z"]))
    return drawing
