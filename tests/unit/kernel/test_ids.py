"""UUIDv7 identifiers."""

from kernel.ids import new_id


def test_ids_ascend_and_carry_version_and_variant() -> None:
    ids = [new_id() for _ in range(5000)]

    assert ids == sorted(set(ids))
    assert {identifier.version for identifier in ids} == {7}
    assert {identifier.variant for identifier in ids} == {"specified in RFC 4122"}
