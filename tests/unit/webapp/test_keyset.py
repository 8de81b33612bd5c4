"""A place in a list survives the address, and nothing else passes for one."""

import pytest
from werkzeug.exceptions import BadRequest

from webapp import keyset


def test_a_place_comes_back_as_it_was() -> None:
    assert keyset.decode(keyset.encode("示例甲", 7), 2) == ("示例甲", "7")


def test_no_place_is_the_first_page() -> None:
    assert keyset.decode(None, 1) is None
    assert keyset.decode("", 1) is None


@pytest.mark.parametrize(
    "place", ["broken", "e30", keyset.encode("one"), keyset.encode("a", "b", "c"), "WzEsMl0", "不是"]
)
def test_what_was_not_made_here_is_refused(place: str) -> None:
    with pytest.raises(BadRequest):
        keyset.decode(place, 2)


def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(BadRequest):
        keyset.as_id("not-an-id")
