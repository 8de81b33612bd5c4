"""The state of a process instance: a plain JSON document, about a kilobyte.

Records are replaced and never changed in place, so a new state shares all that did
not change with the one before it, and the old one stays as it was.

A *scope* is a running process or sub-process and counts its tokens. An *activity* is
one visit to an element that takes time. A *wait* is a timer, message, signal or condition
that may move a token. Scopes, activities and waits refer to each other by id. A *line* is
the way of a token, cut into *stretches*; it is kept where tasks may be returned.
"""

from typing import Any, Literal, NotRequired, TypedDict

# Raised with a step in ``codec`` when a field changes its meaning; a new field is NotRequired instead.
SCHEMA = 2

Variables = dict[str, Any]


class Done(TypedDict):
    """A completed activity that can be compensated, with what it saw.

    ``locals`` are those of the instance of a multi-instance activity; ``inside`` is what
    completed in a sub-process. One that did not complete itself has ``failed`` and is
    compensated by its content only.
    """

    element: str
    locals: NotRequired[Variables]
    inside: NotRequired["Inside"]
    failed: NotRequired[bool]


class Inside(TypedDict):
    """What is left of a sub-process or called process: records in the order of completion, variables."""

    process: str
    element: str | None
    done: list[Done]
    variables: NotRequired[Variables]


class Undoing(TypedDict):
    """A compensation that is going on, in a scope: what is still to be undone, the last first.

    Afterwards the token leaves its throw event; or, ``aside``, it is gone; or ``event`` catches
    what ended the activity or scope; or the instance ends with an ``error`` that nobody catches.
    """

    scope: str
    todo: list[Done]
    aside: NotRequired[bool]
    event: NotRequired[str]
    result: NotRequired[Variables]
    error: NotRequired[str]


class Scope(TypedDict):
    """A running process or sub-process.

    ``tokens`` counts every token in it: on its way, at a join, in an activity.
    ``joins`` says how many tokens wait on which incoming flow of a parallel or inclusive gateway.
    A process has ``variables``, and a sub-process that declares data objects has those; ``result`` is what
    an end event said. ``done`` are the completed activities that can be compensated, in the order of
    completion.
    """

    process: str
    element: str | None
    owner: str | None
    tokens: int
    joins: dict[str, int]
    variables: NotRequired[Variables]
    result: NotRequired[str]
    done: NotRequired[list[Done]]


class Loop(TypedDict):
    """The progress of a multi-instance activity; ``results`` by index of the instance."""

    total: int
    started: int
    done: int
    items: list[Any] | None
    results: dict[str, Any]
    # Votes, and instances that a person added: what was said of them, by index, and how many were removed.
    agreed: NotRequired[int]
    withdrawn: NotRequired[bool]
    added: NotRequired[dict[str, Variables]]
    removed: NotRequired[int]


# Where an added signature stands to the visit that it was added to.
Place = Literal["before", "after", "beside"]


class Activity(TypedDict):
    """One visit to an element; its token runs on ``line`` where the instance remembers its way.

    ``work`` says who is to complete it; ``child`` is the scope it runs. An instance of a
    multi-instance activity names it in ``instance_of`` and has ``locals``; the
    multi-instance activity itself has the ``loop``. A round of a standard loop is such an
    instance too, and the activity around the rounds counts them in ``rounds``.

    A user task that waits for signatures of others is ``held`` and has no ``work``. An added
    signature names the visit in ``added_to``; the visit lists those that stand before and after it in
    ``signatures``, and keeps what it was completed with in ``given`` while others sign after it.

    What has instances or rounds keeps in ``done`` those that can be compensated, until all have
    completed; what ran a scope keeps in ``inside`` what the scope left to be compensated.

    What compensates has ``undo``; what it runs, a handler or a completed sub-process once
    ``again``, names it in ``undoes``.
    """

    scope: str
    element: str
    work: NotRequired[Literal["user", "job"]]
    child: NotRequired[str]
    instance_of: NotRequired[str]
    locals: NotRequired[Variables]
    loop: NotRequired[Loop]
    rounds: NotRequired[int]
    held: NotRequired[Literal["user"]]
    added_to: NotRequired[str]
    place: NotRequired[Place]
    signatory: NotRequired[Variables]
    signatures: NotRequired[list[str]]
    given: NotRequired[Variables]
    line: NotRequired[str]
    done: NotRequired[list[Done]]
    inside: NotRequired[Inside]
    undo: NotRequired[Undoing]
    undoes: NotRequired[str]
    again: NotRequired[bool]


# What happens when a wait is over: its activity completes, its gateway goes that way,
# its boundary event fires, its event sub-process starts.
Role = Literal["catch", "gateway", "boundary", "event_sub_process"]


class Wait(TypedDict):
    """Something that is waited for, on behalf of an activity or (event sub-processes) of a scope.

    ``due`` is an ISO 8601 instant in UTC. ``repeats`` counts the times that a repeating
    timer will still fire, None meaning without end. ``part`` says which of several
    definitions of the event it is, ``gathered`` what those that came already brought.
    ``held`` says whether a condition held when it was last looked at.
    """

    role: Role
    kind: Literal["timer", "message", "signal", "condition"]
    element: str
    scope: str
    activity: NotRequired[str]
    name: NotRequired[str]
    due: NotRequired[str]
    interval: NotRequired[str]
    repeats: NotRequired[int | None]
    part: NotRequired[int]
    gathered: NotRequired[Variables]
    held: NotRequired[bool]


# By scope (or instance of a multi-instance activity), by variable: the value before, as a list
# of one; an empty list where there was none.
Undo = dict[str, dict[str, list[Any]]]


class StraightBack(TypedDict):
    """What it takes to spare those their work who came between a return and the returned task.

    ``to`` is the element that was returned, ``wrote`` the digest of what the work being redone wrote
    before, ``before`` its stretch and ``between`` those that followed; ``values`` are the variables as
    they were behind them, written as in ``Undo``.
    """

    to: str
    wrote: str
    before: "Stretch"
    between: list["Stretch"]
    values: Undo


class Stretch(TypedDict):
    """A part of a line: from a visit to a user task (or from its beginning) to the next.

    ``since`` is the number of that visit (of the line), ``completed`` the number that was next when the
    visit was completed and ``wrote`` the digest of what it wrote. ``undo`` restores the variables,
    ``done`` are the visits and waits that it saw (``effects.Spans``). A ``firm`` stretch is not taken
    back: others acted on it. ``reads`` are variables that it read and another line may write.
    ``timers`` were armed on behalf of the visit when it was completed.
    """

    since: int
    element: NotRequired[str]
    completed: NotRequired[int]
    wrote: NotRequired[str]
    undo: NotRequired[Undo]
    done: NotRequired[list[list[int]]]
    firm: NotRequired[bool]
    reads: NotRequired[list[str]]
    timers: NotRequired[list[Wait]]
    straight: NotRequired[StraightBack]


class Line(TypedDict):
    """The way of one token. What a line did before a child began is the child's past as well.

    ``at`` is the incoming flow of a join at which the token waits; a ``forked`` line has no token
    any more, only children.
    """

    scope: str
    parent: str | None
    stretches: list[Stretch]
    at: NotRequired[str]
    forked: NotRequired[bool]


class WayBack(TypedDict):
    """How the instance came to where it is; kept where some task may be returned or taken back.

    ``first`` is the first user task of the instance, ``outsider`` the number of the last line without
    parent, ``reads`` are those of such lines that ended. ``alone`` is the last stretch that began while
    there was no other line. ``turn`` is the line on which all commands acted since a number.
    """

    lines: dict[str, Line]
    first: NotRequired[str]
    alone: NotRequired[int]
    turn: NotRequired[list[Any]]
    outsider: NotRequired[int]
    reads: NotRequired[list[str]]


class State(TypedDict):
    """The whole document. ``next_id`` numbers scopes, activities and waits; no number is used twice."""

    schema: int
    process: str
    status: Literal["running", "ended"]
    next_id: int
    scopes: dict[str, Scope]
    activities: dict[str, Activity]
    waits: dict[str, Wait]
    way_back: NotRequired[WayBack]


def new_state(process: str) -> State:
    """Return the state of an instance in which nothing has happened yet."""
    return {
        "schema": SCHEMA,
        "process": process,
        "status": "running",
        "next_id": 1,
        "scopes": {},
        "activities": {},
        "waits": {},
    }


def draft_of(state: State) -> State:
    """Return a copy whose records may be replaced without touching the given state."""
    draft = state.copy()
    draft["scopes"] = state["scopes"].copy()
    draft["activities"] = state["activities"].copy()
    draft["waits"] = state["waits"].copy()
    if "way_back" in state:
        draft["way_back"] = {**state["way_back"], "lines": state["way_back"]["lines"].copy()}
    return draft


def root_scope(state: State) -> tuple[str, Scope]:
    """Return id and record of the scope of the instance's own process."""
    return next((scope_id, scope) for scope_id, scope in state["scopes"].items() if scope["owner"] is None)


def variables_of(state: State) -> Variables:
    """Return the variables of the instance's own process."""
    return root_scope(state)[1].get("variables", {})
