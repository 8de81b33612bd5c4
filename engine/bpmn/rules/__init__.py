"""Static rules: what a diagram must obey before a token may enter it.

Each module looks at one subject and notes every breach; none of them changes the
net. Rules need no data and no execution; soundness is checked in
``engine.verification`` by exploring the runtime itself.
"""

from collections.abc import Callable

from engine.bpmn.data_objects import check_data_objects
from engine.bpmn.findings import Findings
from engine.bpmn.model import Process
from engine.bpmn.rules.activities import check_activities
from engine.bpmn.rules.compensation import check_compensation
from engine.bpmn.rules.event_positions import check_events
from engine.bpmn.rules.flows import check_flows
from engine.bpmn.rules.gateways import check_gateways
from engine.bpmn.rules.handlers import check_handlers
from engine.bpmn.rules.human_work import check_human_work
from engine.bpmn.rules.instantiation import check_instantiation
from engine.bpmn.rules.links import check_links
from engine.bpmn.rules.names import check_names
from engine.bpmn.rules.reachability import check_reachability
from engine.bpmn.rules.scopes import check_scopes
from engine.bpmn.rules.writers import check_writers

PROCESS_RULES: tuple[Callable[[Process, Findings], None], ...] = (
    check_names,
    check_scopes,
    check_instantiation,
    check_flows,
    check_gateways,
    check_events,
    check_handlers,
    check_links,
    check_activities,
    check_compensation,
    check_human_work,
    check_reachability,
    check_data_objects,
    check_writers,
)
