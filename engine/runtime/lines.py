"""Lines: the way of each token, so that an approval can be returned or taken back.

Every token runs on a line. A token that splits gives each part a line of its own, whose parent is the
line it came from; a join ends the lines that came together and goes on with the one they all came
from. A line is cut into stretches at the user tasks it visits. From this follows what came before a
visit and what followed from it, and each stretch knows what it takes to undo it.

Nothing here moves a token. ``run.line`` is None, and nothing is done, for instances that do not
remember their way. The rule that all this serves: docs/explanation/returns.md.
"""

from collections.abc import Collection, Iterator, Sequence

from engine.runtime.run import Run
from engine.runtime.state import Line, Stretch
from engine.runtime.stretches import merged, visited_once, way_of


def began(line: Line) -> int:
    """Return the number with which a line began."""
    return line["stretches"][0]["since"]


# How lines begin and end.


def open_line(run: Run, scope_id: str, parent: str | None) -> str:
    """Begin a line and return its id."""
    way, line_id = way_of(run), run.new_id()
    if not way["lines"]:
        way["alone"] = int(line_id)
    elif parent is None:
        way["outsider"] = int(line_id)
    way["lines"][line_id] = {"scope": scope_id, "parent": parent, "stretches": [{"since": int(line_id)}]}
    return line_id


def open_line_beside(run: Run, scope_id: str) -> None:
    """Let the moving token be a new one that came from the token of ``run.line``."""
    if run.line is not None:
        run.line = open_line(run, scope_id, run.line)


def open_line_of_scope(run: Run, scope_id: str) -> None:
    """Let the moving token be one that begins in a scope: it came from the token that owns the scope."""
    if "way_back" in run.state:
        run.line = open_line(run, scope_id, line_of_owner(run, scope_id))


def line_of_owner(run: Run, scope_id: str) -> str | None:
    """Return the line of the token that is in the activity which runs a scope."""
    owner = run.scopes[scope_id]["owner"]
    return None if owner is None else run.activities[owner].get("line")


def branch(run: Run, scope_id: str, count: int) -> Sequence[str | None]:
    """Return the lines of the tokens that leave an element; without any, the line ends."""
    line_id = run.line
    if line_id is None or count == 1:
        return [line_id] * count
    if count == 0:
        end_line(run, line_id)
        return []
    lines = way_of(run)["lines"]
    lines[line_id] = {**lines[line_id], "forked": True}
    return [open_line(run, scope_id, line_id) for _ in range(count)]


def end_line(run: Run, line_id: str | None) -> None:
    """Note that the token of a line is gone."""
    if line_id is None or line_id not in way_of(run)["lines"]:
        return
    lines = way_of(run)["lines"]
    lines[line_id] = {**lines[line_id], "forked": True}
    _tidy(run, line_id)


def end_lines_of_scope(run: Run, scope_id: str) -> None:
    """Note that all tokens of a scope are gone, youngest lines first."""
    if "way_back" in run.state:
        lines = way_of(run)["lines"]
        inside = [line_id for line_id, line in lines.items() if line["scope"] == scope_id]
        for line_id in reversed(inside):
            end_line(run, line_id)


def _tidy(run: Run, line_id: str) -> None:
    """Forget a line without token and children; one with a single child goes on as that child."""
    lines = way_of(run)["lines"]
    current: str | None = line_id
    while current is not None and "forked" in lines[current]:
        line = lines[current]
        children = [key for key, each in lines.items() if each["parent"] == current]
        if len(children) > 1:
            return
        if children:
            _go_on_as(run, current, children[0])
            return
        del lines[current]
        if line["parent"] is None:
            _keep_reads(run, line)
        else:
            _absorb(run, line["parent"], began(line), line["stretches"])
        current = line["parent"]


def _go_on_as(run: Run, line_id: str, child_id: str) -> None:
    """Put the past of a line without token before its only child."""
    lines = way_of(run)["lines"]
    line, child = lines.pop(line_id), lines[child_id]
    beginning = began(child)
    before = [each for each in line["stretches"] if each["since"] < beginning]
    beside = [each for each in line["stretches"] if each["since"] > beginning]
    for stretch in (*beside, child["stretches"][0]):
        before[-1] = merged(run, before[-1], stretch)
    stretches = [*before, *child["stretches"][1:]]
    lines[child_id] = {**child, "parent": line["parent"], "stretches": visited_once(run, stretches)}


def _absorb(run: Run, line_id: str, beginning: int, stretches: Sequence[Stretch]) -> None:
    """Add what children did that began at this number to the stretch of their parent that they left."""
    lines = way_of(run)["lines"]
    own = list(lines[line_id]["stretches"])
    place = max(index for index, each in enumerate(own) if each["since"] < beginning)
    for stretch in stretches:
        own[place] = merged(run, own[place], stretch)
    lines[line_id] = {**lines[line_id], "stretches": own}


def _keep_reads(run: Run, line: Line) -> None:
    """Remember what a line read that came from nowhere and leaves nothing else."""
    reads = {name for stretch in line["stretches"] for name in stretch.get("reads", ())}
    if reads:
        way_of(run)["reads"] = sorted({*way_of(run).get("reads", ()), *reads})


# Joins.


def rest(run: Run, flow: str) -> None:
    """Let the token wait at a join."""
    if run.line is not None:
        lines = way_of(run)["lines"]
        lines[run.line] = {**lines[run.line], "at": flow}


def join(run: Run, scope_id: str, flows: Sequence[str]) -> None:
    """Go on with the line from which all came that wait on these flows, one on each."""
    if "way_back" not in run.state:
        return
    lines = way_of(run)["lines"]
    joined = [
        next(key for key, each in lines.items() if each["scope"] == scope_id and each.get("at") == flow)
        for flow in flows
    ]
    paths = [list(ancestry(lines, line_id)) for line_id in joined]
    common = next(line_id for line_id in paths[0] if all(line_id in path for path in paths))
    ended = {line_id for path in paths for line_id in path[: path.index(common)]}
    _end_into(run, common, sorted(ended, key=int))
    resumed = lines[common].copy()
    resumed.pop("at", None)
    resumed.pop("forked", None)
    lines[common] = resumed
    run.line = common


def ancestry(lines: dict[str, Line], line_id: str | None) -> Iterator[str]:
    """Give a line and those it came from, nearest first."""
    while line_id is not None:
        yield line_id
        line_id = lines[line_id]["parent"]


def _end_into(run: Run, common: str, ended: Sequence[str]) -> None:
    """End joined lines, eldest first; what they did is now a closed part of the line they came from."""
    if not ended:
        return
    lines = way_of(run)["lines"]
    line = lines[common]
    eldest = min(began(lines[line_id]) for line_id in ended)
    before = [each for each in line["stretches"] if each["since"] < eldest]
    beside = [each for each in line["stretches"] if each["since"] > eldest]
    for line_id in ended:
        beside += lines.pop(line_id)["stretches"]
    for stretch in beside:
        before[-1] = merged(run, before[-1], stretch)
    lines[common] = {**line, "stretches": before}
    for key, each in lines.items():
        if each["parent"] in ended:
            lines[key] = {**each, "parent": common}


def close_visits_beside(run: Run, scope_id: str, places: Collection[str]) -> None:
    """Close the visits in a scope to these elements that the moving token does not come from."""
    lines = way_of(run)["lines"]
    upto = run.state["next_id"]
    own: dict[str, int] = {}
    for line_id in ancestry(lines, run.line):
        own[line_id], upto = upto, began(lines[line_id])
    for line_id, line in lines.items():
        found: list[Stretch] = []
        for stretch in line["stretches"]:
            beside = line["scope"] == scope_id and stretch["since"] > own.get(line_id, 0)
            if beside and stretch.get("element") in places and found:
                found[-1] = merged(run, found[-1], stretch)
            else:
                found.append(stretch)
        lines[line_id] = {**line, "stretches": found}
