"""What came before a visit to a user task, and what followed from it.

Before it lie the stretches of its own line, and of the lines that came from, up to where they parted.
From it follows the rest of its line, with the lines that began from that. Whatever is neither runs
beside it, and would go on in the same way without it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

from engine.runtime.lines import began
from engine.runtime.state import Line, State, Stretch


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit stands: on which line, as which of its stretches."""

    line: str
    index: int


def past(lines: dict[str, Line], line_id: str | None) -> Iterator[Place]:
    """Give the visits that a line comes from, nearest first."""
    upto = inf
    while line_id is not None:
        line = lines[line_id]
        for index in reversed(range(1, len(line["stretches"]))):
            if line["stretches"][index]["since"] < upto and "element" in line["stretches"][index]:
                yield Place(line_id, index)
        line_id, upto = line["parent"], began(line)


def followers(lines: dict[str, Line], place: Place) -> list[str]:
    """Return the other lines that come from a visit or what followed it, parents first."""
    since = lines[place.line]["stretches"][place.index]["since"]
    found = [key for key, each in lines.items() if each["parent"] == place.line and began(each) > since]
    for line_id in found:
        found += [key for key, each in lines.items() if each["parent"] == line_id]
    return found


def followed_by(lines: dict[str, Line], place: Place) -> list[Stretch]:
    """Return the stretches that follow from a visit, its own first, parents before children."""
    own = lines[place.line]["stretches"][place.index :]
    return [*own, *(each for key in followers(lines, place) for each in lines[key]["stretches"])]


def others_read(state: State, place: Place) -> bool:
    """Say whether a token beside read what would be withdrawn: its decisions would rest on nothing."""
    gone = followed_by(state["way_back"]["lines"], place)
    withdrawn = {name for each in gone for frame in each.get("undo", {}).values() for name in frame}
    return not withdrawn.isdisjoint(read_beside(state, place))


def read_beside(state: State, place: Place) -> set[str]:
    """Return the variables that others may write and that were read by what does not follow from a visit."""
    lines = state["way_back"]["lines"]
    following = {*followers(lines, place)}
    read = {*state["way_back"].get("reads", ())}
    for line_id, line in lines.items():
        if line_id not in following:
            kept = line["stretches"][: place.index] if line_id == place.line else line["stretches"]
            read.update(name for each in kept for name in each.get("reads", ()))
    return read
