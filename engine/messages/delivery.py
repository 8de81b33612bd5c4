"""Delivering messages and signals, in the transaction of the throw.

Who receives is found when the effects of the throwing command are done; the deliveries follow in the order
of the throws. A wait that opens after the throw, in the same command, is not served.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import InstanceAlreadyOpen
from engine.instances.beginning import Beginning, begin
from engine.instances.causes import Cause, Delivery
from engine.instances.running import RunningInstance
from engine.messages.receivers import Throw, Wait, deliveries_of, looks_for
from engine.operations.holding import held_delivery
from engine.runtime.commands import DeliverMessage, DeliverSignal
from engine.runtime.effects import MessageThrown, SignalThrown
from engine.runtime.errors import NoLongerWaiting
from kernel.actor import Actor

if TYPE_CHECKING:
    from engine.instances.execution import Execution


def throw_message(execution: Execution, instance: RunningInstance, effect: MessageThrown) -> None:
    """Note a thrown message for its receivers and record it."""
    _throw(execution, instance, "message", effect, effect.key)
    execution.record(
        instance,
        "message.thrown",
        asked={"name": effect.name, "key": effect.key, "payload": dict(effect.payload)},
        after={"element": effect.element_id},
    )


def throw_signal(execution: Execution, instance: RunningInstance, effect: SignalThrown) -> None:
    """Note a thrown signal for the waits of other instances and what starts on it, and record it."""
    _throw(execution, instance, "signal", effect, None)
    execution.record(
        instance,
        "signal.thrown",
        asked={"name": effect.name, "payload": dict(effect.payload)},
        after={"element": effect.element_id},
    )


def _throw(
    execution: Execution,
    instance: RunningInstance,
    kind: str,
    effect: MessageThrown | SignalThrown,
    key: str | None,
) -> None:
    opened = tuple(
        Wait(row["id"], row["instance_id"], row["reference"])
        for row in execution.pending.waits_for(kind, effect.name, key or "")
    )
    execution.throws.append(Throw(instance, kind, effect.name, key, effect.payload, opened))


def address(execution: Execution, throws: Sequence[Throw]) -> None:
    """Queue a delivery for each receiver, in the order of the throws, and record how many there are.

    All that was collected so far is written, and the look for the receivers rides on it. So those waits
    receive that were open before the command or at the throw, and that its end has not closed. What is
    recorded of the throw itself does not say how many: it could only be written after the answer, and a
    throw that nobody receives would wait for the database once more.
    """
    looks = looks_for(throws)
    for look in looks[1:]:
        look.ask(execution.session)
    execution.send(looks[0])
    for throw in throws:
        found = deliveries_of(throw, looks)
        execution.deliveries.extend(found)
        if found and throw.sender is not None:
            execution.record(
                throw.sender,
                f"{throw.kind}.addressed",
                asked={"name": throw.name, "key": throw.key},
                after={"receivers": len(found)},
            )


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
