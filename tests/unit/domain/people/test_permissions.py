"""The table of permissions and the separation of administrators."""

from __future__ import annotations

from itertools import permutations

from domain.people.permissions import ADMINISTRATORS, PERMISSIONS, ROLES, conflict_of, permissions_of


def test_every_permission_names_known_roles() -> None:
    assert all(allowed <= set(ROLES) for allowed in PERMISSIONS.values())


def test_no_role_has_every_permission() -> None:
    assert all(permissions_of([role]) < set(PERMISSIONS) for role in ROLES)


def test_no_administrator_does_the_work_of_another() -> None:
    drafts, deploys = PERMISSIONS["definition.draft"], PERMISSIONS["definition.deploy"]
    manages, grants = PERMISSIONS["person.manage"], PERMISSIONS["grant.manage"]

    assert not drafts & deploys
    assert not manages & grants
    assert not (drafts | deploys | manages | grants) & PERMISSIONS["audit.read"]


def test_administrators_exclude_each_other_and_every_business_role() -> None:
    assert all(conflict_of([held], asked) == held for held, asked in permutations(ADMINISTRATORS, 2))
    assert conflict_of(["reviewer"], "audit_administrator") == "reviewer"
    assert conflict_of(["audit_administrator"], "reviewer") == "audit_administrator"
    assert conflict_of(["reviewer"], "operator") is None
    assert conflict_of(["audit_administrator"], "audit_administrator") is None
