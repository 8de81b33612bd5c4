"""What a diagram may say: every element and attribute that we execute or that only describes.

The tables are the promise "executed as BPMN 2.0.2 says, or refused": what they do
not list is refused by ``grammar.py``, so nothing is ever ignored by oversight.
"""

from collections.abc import Mapping

from engine.bpmn.model import ElementKind

# An attribute may have any value (None) or one of a few.
Attributes = Mapping[str, frozenset[str] | None]

_NO = frozenset({"false"})
_ONE = frozenset({"1"})
_BOOLEAN = frozenset({"true", "false"})
_NO_IMPLEMENTATION = frozenset({"##unspecified", "##WebService", "##other"})

_NAMED: Attributes = {"id": None, "name": None}
_EVENT: Attributes = {**_NAMED, "parallelMultiple": _NO}
_ACTIVITY: Attributes = {
    **_NAMED,
    "default": None,
    "isForCompensation": _NO,
    "startQuantity": _ONE,
    "completionQuantity": _ONE,
}
_GATEWAY: Attributes = {
    **_NAMED,
    "gatewayDirection": frozenset({"Unspecified", "Converging", "Diverging", "Mixed"}),
}

FLOW_NODES: Mapping[str, Attributes] = {
    "startEvent": {**_EVENT, "isInterrupting": _BOOLEAN},
    "endEvent": _NAMED,
    "intermediateCatchEvent": _EVENT,
    "intermediateThrowEvent": _NAMED,
    "boundaryEvent": {**_EVENT, "attachedToRef": None, "cancelActivity": _BOOLEAN},
    "task": _ACTIVITY,
    "manualTask": _ACTIVITY,
    "userTask": {**_ACTIVITY, "implementation": _NO_IMPLEMENTATION},
    "serviceTask": {**_ACTIVITY, "implementation": _NO_IMPLEMENTATION},
    "scriptTask": {
        **_ACTIVITY,
        "scriptFormat": frozenset({"python", "text/python", "text/x-python", "application/x-python"}),
    },
    "sendTask": {**_ACTIVITY, "implementation": _NO_IMPLEMENTATION, "messageRef": None},
    "receiveTask": {
        **_ACTIVITY,
        "implementation": _NO_IMPLEMENTATION,
        "messageRef": None,
        "instantiate": _NO,
    },
    "subProcess": {**_ACTIVITY, "triggeredByEvent": _BOOLEAN},
    "callActivity": {**_ACTIVITY, "calledElement": None},
    "exclusiveGateway": {**_GATEWAY, "default": None},
    "parallelGateway": _GATEWAY,
    "eventBasedGateway": {
        **_GATEWAY,
        "instantiate": _NO,
        "eventGatewayType": frozenset({"Exclusive"}),
    },
}

SEQUENCE_FLOW: Attributes = {
    **_NAMED,
    "sourceRef": None,
    "targetRef": None,
    "isImmediate": frozenset({"true"}),
}
PROCESS: Attributes = {
    **_NAMED,
    "isExecutable": _BOOLEAN,
    "processType": frozenset({"None", "Public", "Private"}),
    "isClosed": _BOOLEAN,
}
EXPRESSION: Attributes = {"id": None, "{http://www.w3.org/2001/XMLSchema-instance}type": None}

EVENT_DEFINITIONS: Mapping[str, Attributes] = {
    "messageEventDefinition": {"id": None, "messageRef": None},
    "timerEventDefinition": {"id": None},
    "signalEventDefinition": {"id": None, "signalRef": None},
    "errorEventDefinition": {"id": None, "errorRef": None},
    "terminateEventDefinition": {"id": None},
}

MULTI_INSTANCE: Attributes = {"id": None, "isSequential": _BOOLEAN, "behavior": frozenset({"All"})}
MULTI_INSTANCE_PARTS = frozenset(
    {
        "loopCardinality",
        "loopDataInputRef",
        "loopDataOutputRef",
        "inputDataItem",
        "outputDataItem",
        "completionCondition",
    }
)

# Root elements: processes, the things that events refer to, and what only describes.
ROOT_ELEMENTS = frozenset({"process", "message", "signal", "error", "escalation", "category"})

# These explain and do nothing (BPMN 2.0.2, 8.4.1 artifacts, 8.3.1 documentation).
DESCRIPTIVE = frozenset({"documentation", "textAnnotation", "association", "group"})
ALWAYS_ALLOWED_PARTS = frozenset({"documentation", "extensionElements"})
CONTAINER_PARTS = DESCRIPTIVE | ALWAYS_ALLOWED_PARTS | {"sequenceFlow", "laneSet"}

ACTIVITIES = frozenset(
    {
        ElementKind.TASK,
        ElementKind.MANUAL_TASK,
        ElementKind.USER_TASK,
        ElementKind.SERVICE_TASK,
        ElementKind.SCRIPT_TASK,
        ElementKind.SEND_TASK,
        ElementKind.RECEIVE_TASK,
        ElementKind.SUB_PROCESS,
        ElementKind.CALL_ACTIVITY,
    }
)
GATEWAYS = frozenset(
    {ElementKind.EXCLUSIVE_GATEWAY, ElementKind.PARALLEL_GATEWAY, ElementKind.EVENT_BASED_GATEWAY}
)

_EVENTS_IN_SCOPE = frozenset(
    {"messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition"}
)
# Which event definitions an event of each kind may carry. An error never starts a process by itself,
# it starts an event sub-process; grammar and event rules see to that.
EVENT_DEFINITIONS_OF: Mapping[str, frozenset[str]] = {
    "startEvent": _EVENTS_IN_SCOPE,
    "boundaryEvent": _EVENTS_IN_SCOPE,
    "intermediateCatchEvent": _EVENTS_IN_SCOPE - {"errorEventDefinition"},
    "intermediateThrowEvent": frozenset({"messageEventDefinition", "signalEventDefinition"}),
    "endEvent": frozenset(
        {
            "messageEventDefinition",
            "signalEventDefinition",
            "errorEventDefinition",
            "terminateEventDefinition",
        }
    ),
}

_ACTIVITY_EXTENSIONS = frozenset({"output", "listener"})
_HUMAN = frozenset({"role", "unit", "deadline", "differsFrom", "withdraw", "prefill", "standIn"})

# Our own attributes, by the BPMN element that may carry them, beside nameEn and clauses.
OWN_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "process": frozenset({"exclusive", "startRoles"}),
    "lane": frozenset({"role", "unit"}),
    "userTask": _HUMAN,
    "startEvent": frozenset({"correlationKey"}),
    "intermediateCatchEvent": frozenset({"correlationKey"}),
    "intermediateThrowEvent": frozenset({"correlationKey"}),
    "boundaryEvent": frozenset({"correlationKey"}),
    "endEvent": frozenset({"correlationKey", "result"}),
    "sendTask": frozenset({"correlationKey"}),
    "receiveTask": frozenset({"correlationKey"}),
    "messageEventDefinition": frozenset({"correlationKey"}),
}

# Our own extension elements, by the BPMN element whose extensionElements may hold them.
OWN_EXTENSIONS: Mapping[str, frozenset[str]] = {
    **{kind.value: _ACTIVITY_EXTENSIONS for kind in ACTIVITIES},
    "callActivity": _ACTIVITY_EXTENSIONS | {"input"},
    "sendTask": _ACTIVITY_EXTENSIONS | {"payload"},
    "startEvent": _ACTIVITY_EXTENSIONS,
    "intermediateCatchEvent": _ACTIVITY_EXTENSIONS,
    "boundaryEvent": _ACTIVITY_EXTENSIONS,
    "intermediateThrowEvent": frozenset({"listener", "payload"}),
    "endEvent": frozenset({"listener", "payload"}),
}
# SpiffWorkflow's extension elements that mean the same here as there.
SPIFFWORKFLOW_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "serviceTask": frozenset({"serviceTaskOperator"}),
    "sendTask": frozenset({"serviceTaskOperator"}),
    "userTask": frozenset({"properties"}),
}
FORM_PROPERTY = "formJsonSchemaFilename"
