"""Delivering messages and signals, in the transaction of the throw.

Who receives is decided at the moment of the throw; the deliveries themselves follow when the effects of
the throwing command are done, in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select

from engine.definitions.models import EventStart
from engine.errors import InstanceAlreadyOpen
from engine.instances.beginning import Beginning, begin
from engine.instances.causes import Cause, Delivery, Values
from engine.instances.running import RunningInstance
from engine.jobs.models import WAITING, Job
from engine.messages.subscriptions import wait_of
from engine.operations.holding import held_delivery
from engine.runtime.commands import DeliverMessage, DeliverSignal
from engine.runtime.effects import MessageThrown, SignalThrown
from engine.runtime.errors import NoLongerWaiting
from kernel.actor import Actor

if TYPE_CHECKING:
    from engine.instances.execution import Execution


def throw_message(execution: Execution, instance: RunningInstance, effect: MessageThrown) -> None:
    """Queue a thrown message for its receivers and record how many there are."""
    found = address(execution, "message", effect.name, effect.key, effect.payload, instance)
    execution.record(
        instance,
        "message.thrown",
        asked={"name": effect.name, "key": effect.key, "payload": dict(effect.payload)},
        after={"receivers": len(found), "element": effect.element_id},
    )


def throw_signal(execution: Execution, instance: RunningInstance, effect: SignalThrown) -> None:
    """Queue a thrown signal for the waits of other instances and what starts on it."""
    found = address(execution, "signal", effect.name, None, effect.payload, instance)
    execution.record(
        instance,
        "signal.thrown",
        asked={"name": effect.name, "payload": dict(effect.payload)},
        after={"receivers": len(found), "element": effect.element_id},
    )


def address(
    execution: Execution,
    kind: str,
    name: str,
    key: str | None,
    payload: Values,
    sender: RunningInstance | None,
) -> list[Delivery]:
    """Queue and return a delivery for each waiting instance (a message: its oldest wait) and each start."""
    execution.flush()
    query = select(Job.instance_id, Job.reference).where(
        Job.status == WAITING, Job.kind == kind, Job.event_name == name
    )
    if kind == "message":
        query = query.where(Job.correlation_key == (key or ""))
    receivers: list[tuple[UUID, str]] = []
    for instance_id, reference in execution.session.execute(query.order_by(Job.id)):
        served = kind == "message" and any(receiver[0] == instance_id for receiver in receivers)
        own_signal = kind == "signal" and sender is not None and sender.id == instance_id
        if instance_id is not None and not served and not own_signal:
            receivers.append((instance_id, wait_of(reference)))
    starts = execution.session.execute(
        select(EventStart.version_id, EventStart.element_id)
        .where(EventStart.kind == kind, EventStart.name == name)
        .order_by(EventStart.key, EventStart.element_id)
    )
    found = [
        Delivery(sender, kind, name, key, payload, instance_id=receiver, wait_id=wait_id)
        for receiver, wait_id in receivers
    ]
    found += [
        Delivery(sender, kind, name, key, payload, version_id=version_id, start_event=element_id)
        for version_id, element_id in starts
    ]
    execution.deliveries.extend(found)
    return found


def deliver(execution: Execution, delivery: Delivery) -> None:
    """Hand one message or signal to its receiver."""
    if delivery.instance_id is not None:
        _deliver_to_wait(execution, delivery, delivery.instance_id)
    else:
        _start(execution, delivery)


def _deliver_to_wait(execution: Execution, delivery: Delivery, instance_id: UUID) -> None:
    instance = execution.load(instance_id)
    if instance.status == "suspended":
        _hold(execution, instance, delivery)
        return
    wait_id = delivery.wait_id or ""
    command = (
        DeliverMessage(wait_id, delivery.payload)
        if delivery.kind == "message"
        else DeliverSignal(wait_id, delivery.payload)
    )
    cause = Cause(
        action=f"{delivery.kind}.received",
        asked={
            "name": delivery.name,
            "key": delivery.key,
            "from": delivery.sender.case_number if delivery.sender else None,
        },
    )
    try:
        execution.advance(instance, command, cause)
    except NoLongerWaiting:
        # An earlier delivery of the same command ended this wait; that is the diagram's own doing.
        return


def _hold(execution: Execution, instance: RunningInstance, delivery: Delivery) -> None:
    """Keep what reaches a suspended instance; its job delivers it after the resumption."""
    job = held_delivery(instance, delivery, execution.at)
    if job is None:
        return
    execution.pending.jobs.append(job)
    asked = {"name": delivery.name, "key": delivery.key}
    execution.record(instance, f"{delivery.kind}.held", asked=asked, after={"job": str(job["id"])})


def _start(execution: Execution, delivery: Delivery) -> None:
    if delivery.version_id is None:
        return
    beginning = Beginning(
        version_id=delivery.version_id,
        variables=delivery.payload,
        start_event=delivery.start_event,
        business_key=delivery.key,
        cause=f"{delivery.kind}:{delivery.name}",
        **_inherited(execution.actor, delivery.sender, execution.registry.home_region),
    )
    try:
        begin(execution, beginning)
    except InstanceAlreadyOpen as refusal:
        if delivery.sender is None:
            raise
        execution.record(
            delivery.sender,
            f"{delivery.kind}.start_refused",
            outcome="refused",
            reason=refusal.message.zh,
            asked={"name": delivery.name, "key": delivery.key, "process": refusal.key},
        )


def _inherited(actor: Actor, sender: RunningInstance | None, home_region: str) -> dict[str, Any]:
    """Return what the started instance takes over from the throwing one, or from who sent by hand."""
    if sender is None:
        regions = [grant.region_code for grant in actor.grants]
        return {
            "title": "",
            "subject_type": None,
            "subject_id": None,
            "region_code": regions[0] if regions else home_region,
            "unit_id": actor.unit_id,
            "initiator_id": actor.person_id,
        }
    return {
        "title": sender.title,
        "subject_type": sender.subject_type,
        "subject_id": sender.subject_id,
        "region_code": sender.region_code,
        "unit_id": sender.unit_id,
        "initiator_id": sender.initiator_id,
    }
