"""What changes people: registering, signing in, granting. One module per family of verbs."""

from domain.people.service.administrators import FirstAdministrator, bootstrap_administrators
from domain.people.service.grants import decide_grant, propose_grant, revoke_grant
from domain.people.service.organisation import (
    delegate_authority,
    place_unit,
    revoke_delegation,
    verify_person,
    withdraw_verification,
)
from domain.people.service.registers import (
    PERSON_COLUMNS,
    UNIT_COLUMNS,
    RegisterReport,
    RegisterRow,
    import_persons,
    import_units,
)
from domain.people.service.registry import (
    UNIT_KINDS,
    NewPerson,
    add_person,
    add_region,
    add_unit,
    deactivate_person,
)
from domain.people.service.signing_in import SignIn, change_password, reset_password, sign_in

__all__ = [
    "UNIT_KINDS",
    "FirstAdministrator",
    "NewPerson",
    "SignIn",
    "add_person",
    "add_region",
    "add_unit",
    "bootstrap_administrators",
    "change_password",
    "deactivate_person",
    "decide_grant",
    "propose_grant",
    "reset_password",
    "revoke_grant",
    "sign_in",
    "delegate_authority",
    "place_unit",
    "revoke_delegation",
    "verify_person",
    "withdraw_verification",
    "PERSON_COLUMNS",
    "UNIT_COLUMNS",
    "RegisterReport",
    "RegisterRow",
    "import_persons",
    "import_units",
]
