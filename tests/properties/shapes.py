"""The blocks of random diagrams: each has one way in, one way out, and shows one construct.

A shape draws itself and calls ``inner`` for what stands in it. Escalations come right
after a task, so that no two of them ever race within one command.
"""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.properties.sketch import Drawing, choice

Ends = tuple[str, str]
Inner = Callable[[], Ends]
Shape = Callable[[st.DrawFn, Drawing, Inner], Ends]


def task(_draw: st.DrawFn, drawing: Drawing, _inner: Inner) -> Ends:
    """Draw one user task."""
    name = drawing.add("task")
    return name, name


def sequence(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw one block after the other."""
    (a, b), (c, d) = inner(), inner()
    drawing.connect(b, c)
    return a, d


def alternatives(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a decision between blocks."""
    ways = [inner() for _ in range(draw(st.integers(2, 3)))]
    split, merge = choice(drawing), drawing.add("xor")
    for answer, (begin, finish) in enumerate(ways):
        drawing.connect(f"{split}_g", begin, answer)
        drawing.connect(finish, merge)
    return split, merge


def together(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw blocks that run at the same time, with a join that waits for all."""
    split, join = drawing.add("and"), drawing.add("and")
    before = set(drawing.kinds)
    for begin, finish in [inner() for _ in range(draw(st.integers(2, 3)))]:
        drawing.connect(split, begin)
        drawing.connect(finish, join)
    drawing.branches[join] = set(drawing.kinds) - before
    return split, join


def some(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw blocks of which some are chosen, with an inclusive join."""
    split, join = choice(drawing, "or"), drawing.add("or")
    before = set(drawing.kinds)
    for answer, (begin, finish) in enumerate(inner() for _ in range(draw(st.integers(2, 3)))):
        drawing.connect(f"{split}_g", begin, answer)
        drawing.connect(finish, join)
    drawing.branches[join] = set(drawing.kinds) - before
    return split, join


def rework(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a loop around a block."""
    body = inner()
    merge, again, after = drawing.add("xor"), choice(drawing), drawing.add("task")
    drawing.connect(merge, body[0])
    drawing.connect(body[1], again)
    drawing.connect(f"{again}_g", merge, 0)
    drawing.connect(f"{again}_g", after, 1)
    return merge, after


def sub(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a sub-process around a block."""
    name = drawing.add("sub")
    _fill(drawing, name, inner)
    return name, name


def _fill(drawing: Drawing, name: str, inner: Inner, begins_with: str | None = None) -> None:
    """Draw a block between a start and an end inside a sub-process."""
    outer, drawing.scope = drawing.scope, name
    first, last = drawing.add("start"), drawing.add("end")
    begin, finish = inner()
    if begins_with is not None:
        asked = drawing.add("task")
        up = drawing.add("up")
        drawing.codes[up] = begins_with
        drawing.connect(first, asked)
        drawing.connect(asked, up)
        first = up
    drawing.connect(first, begin)
    drawing.connect(finish, last)
    drawing.scope = outer


def guarded(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a sub-process with an interrupting boundary event."""
    name, _ = sub(_draw, drawing, inner)
    event, aside, merge = drawing.add("boundary"), drawing.add("task"), drawing.add("xor")
    drawing.host[event] = name
    drawing.connect(event, aside)
    drawing.connect(name, merge)
    drawing.connect(aside, merge)
    return name, merge


def accompanied(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a task or sub-process with a boundary event that fires beside it, again and again."""
    name = drawing.add("task") if draw(st.booleans()) else sub(draw, drawing, inner)[0]
    _beside(drawing, name, drawing.add("beside"))
    return name, name


def _beside(drawing: Drawing, host: str, event: str) -> None:
    aside, end = drawing.add("task"), drawing.add("end")
    drawing.host[event] = host
    drawing.aside |= {aside, end}
    drawing.connect(event, aside)
    drawing.connect(aside, end)


def escalating(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a sub-process that escalates to a boundary event, which lets it go on."""
    code = draw(st.sampled_from("AB"))
    name, event = drawing.add("sub"), drawing.add("raised")
    _fill(drawing, name, inner, code)
    drawing.codes[event] = draw(st.sampled_from([code, "any"]))
    _beside(drawing, name, event)
    return name, name


def interrupted(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a sub-process that an escalation of its own ends, sometimes another's too."""
    code = draw(st.sampled_from("AB"))
    name, event = drawing.add("sub"), drawing.add("ended")
    _fill(drawing, name, inner, code)
    aside, merge = drawing.add("task"), drawing.add("xor")
    drawing.codes[event] = draw(st.sampled_from([*"AB", "any"]))
    drawing.host[event] = name
    drawing.connect(event, aside)
    drawing.connect(name, merge)
    drawing.connect(aside, merge)
    return name, merge


def handled(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw a sub-process with an event sub-process, which interrupts it or runs beside it."""
    name = drawing.add("sub")
    _fill(drawing, name, inner)
    outer, drawing.scope = drawing.scope, name
    is_interrupting = draw(st.booleans())
    handler = drawing.add("handler" if is_interrupting else "helper")
    drawing.scope = handler
    start, end = drawing.add("trigger"), drawing.add("end")
    # Two visits at once would share their tokens in the game, so only an interrupting handler is a block.
    begin, finish = inner() if is_interrupting else task(draw, drawing, inner)
    drawing.connect(start, begin)
    drawing.connect(finish, end)
    drawing.scope = outer
    if not is_interrupting:
        drawing.aside |= drawing.inside(handler)
    return name, name


def race(draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw an event-based gateway before two events with a block each."""
    gateway, merge = drawing.add("race"), drawing.add("xor")
    for begin, finish in [inner(), inner()]:
        event = drawing.add("catch")
        drawing.connect(gateway, event)
        drawing.connect(event, begin)
        drawing.connect(finish, merge)
    return gateway, merge


def caught(_draw: st.DrawFn, drawing: Drawing, _inner: Inner) -> Ends:
    """Draw an intermediate event that waits for a signal."""
    name = drawing.add("catch")
    return name, name


def linked(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw two blocks, the second reached by a link."""
    (a, b), (c, d) = inner(), inner()
    throw, target = drawing.add("link"), drawing.add("target")
    drawing.links[throw] = target
    drawing.connect(b, throw)
    drawing.connect(target, c)
    return a, d


def awaited(_draw: st.DrawFn, drawing: Drawing, inner: Inner) -> Ends:
    """Draw two branches, one of which waits for what the other says."""
    split, join = drawing.add("and"), drawing.add("and")
    before = set(drawing.kinds)
    speaker, listener, (begin, finish) = drawing.add("task"), drawing.add("until"), inner()
    drawing.speaks[speaker] = listener
    for source, target in [
        (split, speaker),
        (split, listener),
        (speaker, join),
        (listener, begin),
        (finish, join),
    ]:
        drawing.connect(source, target)
    drawing.branches[join] = set(drawing.kinds) - before
    return split, join


PLAIN: dict[str, Shape] = {
    "task": task,
    "sequence": sequence,
    "alternatives": alternatives,
    "rework": rework,
    "sub": sub,
    "guarded": guarded,
    "together": together,
}
SOUND: dict[str, Shape] = {
    **PLAIN,
    "some": some,
    "accompanied": accompanied,
    "escalating": escalating,
    "race": race,
    "caught": caught,
    "linked": linked,
    "awaited": awaited,
}
# With handlers that may never be called, or after which nothing is left to do.
ALL: dict[str, Shape] = {**SOUND, "interrupted": interrupted, "handled": handled}
JOINING = frozenset({"together", "some", "awaited"})
