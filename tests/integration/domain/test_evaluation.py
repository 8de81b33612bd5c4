"""Who sees which region of the evaluation, and how often the catalogue is read for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from domain.catalogue import queries as catalogue
from domain.evaluation import queries
from domain.evaluation.errors import EvaluationNotFound
from domain.evaluation.rules import periods_until
from domain.orders import queries as orders
from domain.people.permissions import OPERATOR, USER, permissions_of
from kernel.actor import Actor, Grant
from kernel.calendar import day_of
from kernel.clock import now

ActAs = Callable[[str], Actor]
PROVINCE, CITY = "990000", "990200"


def test_only_grants_of_roles_that_oversee_show_a_region(session: Session, act_as: ActAs) -> None:
    [of, *_] = periods_until(day_of(now()))
    operator = replace(
        act_as("yunying1"),
        grants=(Grant(OPERATOR, CITY), Grant(USER, PROVINCE)),
        permissions=permissions_of({OPERATOR, USER}),
    )

    assert [row.region_code for row in queries.results(session, operator, of).regions] == [CITY]
    assert queries.evaluation(session, operator, CITY, of).region_code == CITY
    for read in (queries.evaluation, queries.evidence):
        with pytest.raises(EvaluationNotFound):
            read(session, operator, PROVINCE, of)


def test_the_end_of_a_period_is_read_once_for_figures_and_consequences(
    session: Session, act_as: ActAs
) -> None:
    [of, *_] = periods_until(day_of(now()))

    with (
        patch.object(catalogue, "in_catalogue_at", wraps=catalogue.in_catalogue_at) as standing,
        patch.object(orders, "versions_in_use_at", wraps=orders.versions_in_use_at) as in_use,
    ):
        queries.results(session, act_as("jiandu"), of)

    # The catalogue is read at both ends of the period, orders at its end.
    assert (standing.call_count, in_use.call_count) == (2, 1)
