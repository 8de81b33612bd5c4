"""What the errors of the runtime carry, for the caller and for the log."""

from collections.abc import Callable

import pytest

from engine.runtime.codec import UnknownStateSchema, load_state
from engine.runtime.errors import Incident, NoLongerWaiting, NotPossible, NoWayBack
from engine.runtime.homes import CannotMigrate, Reason
from engine.runtime.state import SCHEMA
from kernel.errors import PlatformError
from kernel.language import Text

SAID = Text(zh="不行", en="no")


@pytest.mark.parametrize(
    ("kind", "given", "facts"),
    [
        (Incident, ("rule.key", SAID, "a"), {"rule": "rule.key", "element_id": "a", "message": SAID}),
        (NotPossible, ("rule.key", SAID), {"rule": "rule.key", "message": SAID}),
        (NoWayBack, ("it",), {"what": "it"}),
        (NoLongerWaiting, ("it",), {"what": "it"}),
        (UnknownStateSchema, (99,), {"schema": 99}),
        (CannotMigrate, ((Reason("rule.key", "a", SAID),),), {"message": SAID}),
    ],
)
def test_an_error_carries_its_facts_and_a_sentence(
    kind: Callable[..., PlatformError], given: tuple[object, ...], facts: dict[str, object]
) -> None:
    error = kind(*given)

    assert {name: getattr(error, name) for name in facts} == facts
    assert error.message.zh
    assert error.message.en in str(error)


def test_what_is_missing_or_unknown_is_named_in_the_sentence() -> None:
    assert "it" in NoWayBack("it").message.en
    assert "it" in NoLongerWaiting("it").message.zh
    assert "99" in UnknownStateSchema(99).message.en


def test_a_state_of_today_is_loaded_as_it_is_and_one_of_tomorrow_is_refused() -> None:
    document = {"schema": SCHEMA, "process": "p"}

    assert load_state(document) is document
    with pytest.raises(UnknownStateSchema):
        load_state({"schema": SCHEMA + 1})
    with pytest.raises(UnknownStateSchema):
        load_state({})
