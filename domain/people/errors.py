"""What can go wrong with people and grants, each with its sentence."""

from uuid import UUID

from domain.people.permissions import ROLES
from kernel.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound
from kernel.language import Text


class PersonNotFound(NotFound):
    """No such person, or no longer active."""

    def __init__(self, person_id: UUID) -> None:
        super().__init__(Text(f"没有人员 {person_id}，或已停用", f"No person {person_id}, or deactivated"))


class UnitNotFound(NotFound):
    """No such unit, or no longer active."""

    def __init__(self, unit: object) -> None:
        super().__init__(Text(f"没有单位 {unit}，或已停用", f"No unit {unit}, or deactivated"))


class GrantNotFound(NotFound):
    """No such grant."""

    def __init__(self, grant_id: UUID) -> None:
        super().__init__(Text(f"没有授权记录 {grant_id}", f"No grant {grant_id}"))


class RolesExcludeEachOther(Conflict):
    """The person holds a role that forbids the one asked for (三员分立)."""

    def __init__(self, held: str, asked: str) -> None:
        super().__init__(
            Text(
                f"该人员已有角色“{ROLES[held].zh}”，不能再授予“{ROLES[asked].zh}”：三员分立，互不兼任",
                f"This person already is {ROLES[held].en} and cannot also be {ROLES[asked].en}: "
                "the three administrators are separate and hold no other role",
            )
        )


class GrantAlreadyDecided(Conflict):
    """Somebody decided the grant before."""

    def __init__(self, status: str) -> None:
        super().__init__(
            Text(f"该授权已处理（{status}），请刷新", f"This grant was decided already ({status}); refresh")
        )


class FourEyesOnGrant(NotAllowed):
    """Who proposed or receives a grant may not decide it."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "授权的提出人和被授权人不能审批该授权，请由另一位安全管理员处理",
                "Who proposed or receives a grant may not decide it; ask another security administrator",
            )
        )


class AdministratorsExist(Conflict):
    """The first administrators can be made once only."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                "系统已有管理员，请由系统管理员新增人员、安全管理员授权",
                "There are administrators already: let them add persons and grant roles",
            )
        )


class NameTaken(Conflict):
    """A unit, region or user name exists already."""

    def __init__(self, what: Text, name: str) -> None:
        super().__init__(Text(f"{what.zh}“{name}”已存在", f"{what.en} “{name}” exists already"))


class DelegationNotFound(NotFound):
    """No such delegated authority."""

    def __init__(self, delegation_id: UUID) -> None:
        super().__init__(Text(f"没有委托授权 {delegation_id}", f"No delegated authority {delegation_id}"))


class DelegationEnded(Conflict):
    """The delegated authority was revoked before."""

    def __init__(self) -> None:
        super().__init__(Text("该委托已终止，请刷新", "This authority has ended already; refresh"))


def password_refused(problems: tuple[FieldProblem, ...]) -> Invalid:
    """Return the rejection of a new password with every broken rule."""
    return Invalid(
        Text("新密码不符合要求，请按提示修改", "The new password does not meet the rules"), problems
    )
