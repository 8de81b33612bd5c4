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
_EVENT: Attributes = {**_NAMED, "parallelMultiple": _BOOLEAN}
_ACTIVITY: Attributes = {
    **_NAMED,
    "default": None,
    "isForCompensation": _BOOLEAN,
    "startQuantity": _ONE,
    "completionQuantity": _ONE,
}
_GATEWAY: Attributes = {
    **_NAMED,
    "gatewayDirection": frozenset({"Unspecified", "Converging", "Diverging", "Mixed"}),
}

# Read as a sub-process that can be cancelled.
TRANSACTION = "transaction"

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
    "businessRuleTask": {**_ACTIVITY, "implementation": _NO_IMPLEMENTATION},
    "sendTask": {**_ACTIVITY, "implementation": _NO_IMPLEMENTATION, "messageRef": None},
    "receiveTask": {
        **_ACTIVITY,
        "implementation": _NO_IMPLEMENTATION,
        "messageRef": None,
        "instantiate": _BOOLEAN,
    },
    "subProcess": {**_ACTIVITY, "triggeredByEvent": _BOOLEAN},
    TRANSACTION: {**_ACTIVITY, "triggeredByEvent": _NO, "method": frozenset({"##Compensate"})},
    "callActivity": {**_ACTIVITY, "calledElement": None},
    "exclusiveGateway": {**_GATEWAY, "default": None},
    "parallelGateway": _GATEWAY,
    "inclusiveGateway": {**_GATEWAY, "default": None},
    "eventBasedGateway": {
        **_GATEWAY,
        "instantiate": _BOOLEAN,
        "eventGatewayType": frozenset({"Exclusive"}),
    },
}

_EXPRESSION: Attributes = {
    "id": None,
    "language": frozenset({"python", "http://www.python.org/XMLSchema", "https://www.python.org"}),
    "{http://www.w3.org/2001/XMLSchema-instance}type": None,
}
_DEFINITION_PARTS: Mapping[str, Attributes] = {
    "messageEventDefinition": {"id": None, "messageRef": None},
    "timerEventDefinition": {"id": None},
    "signalEventDefinition": {"id": None, "signalRef": None},
    "errorEventDefinition": {"id": None, "errorRef": None},
    "escalationEventDefinition": {"id": None, "escalationRef": None},
    "linkEventDefinition": _NAMED,
    "conditionalEventDefinition": {"id": None},
    "terminateEventDefinition": {"id": None},
    "compensateEventDefinition": {"id": None, "activityRef": None, "waitForCompletion": _BOOLEAN},
    "cancelEventDefinition": {"id": None},
}
EVENT_DEFINITIONS = frozenset(_DEFINITION_PARTS)

# Every BPMN element inside a process that is read, with the attributes it may have.
ATTRIBUTES: Mapping[str, Attributes] = {
    **FLOW_NODES,
    **_DEFINITION_PARTS,
    "process": {
        **_NAMED,
        "isExecutable": _BOOLEAN,
        "processType": frozenset({"None", "Public", "Private"}),
        "isClosed": _BOOLEAN,
    },
    "sequenceFlow": {
        **_NAMED,
        "sourceRef": None,
        "targetRef": None,
        "isImmediate": frozenset({"true"}),
    },
    "laneSet": _NAMED,
    "childLaneSet": _NAMED,
    "lane": _NAMED,
    "multiInstanceLoopCharacteristics": {
        "id": None,
        "isSequential": _BOOLEAN,
        "behavior": frozenset({"All"}),
    },
    "standardLoopCharacteristics": {"id": None, "testBefore": _BOOLEAN, "loopMaximum": None},
    "dataObject": {**_NAMED, "isCollection": _BOOLEAN},
    "dataObjectReference": {**_NAMED, "dataObjectRef": None},
    # A data state only names what a person would call it; a property only gives an association its end.
    "dataState": _NAMED,
    "property": _NAMED,
    "dataInputAssociation": {"id": None},
    "dataOutputAssociation": {"id": None},
    "sourceRef": {},
    "targetRef": {},
    "inputDataItem": _NAMED,
    "outputDataItem": _NAMED,
    "message": _NAMED,
    "signal": _NAMED,
    "error": {**_NAMED, "errorCode": None},
    "escalation": {**_NAMED, "escalationCode": None},
    **dict.fromkeys(
        (
            "conditionExpression",
            "condition",
            "timeDate",
            "timeDuration",
            "timeCycle",
            "loopCardinality",
            "completionCondition",
            "loopCondition",
            "loopDataInputRef",
            "loopDataOutputRef",
            "script",
        ),
        _EXPRESSION,
    ),
    "incoming": {},
    "outgoing": {},
    "flowNodeRef": {},
}

# Root elements: the process, what its events refer to, and what only describes.
ROOT_ELEMENTS = frozenset({"process", "message", "signal", "error", "escalation", "category"})

# These explain and do nothing (BPMN 2.0.2, 8.4.1 artifacts).
DESCRIPTIVE = frozenset({"documentation", "textAnnotation", "association", "group", "category"})

ACTIVITIES = frozenset(
    {
        ElementKind.TASK,
        ElementKind.MANUAL_TASK,
        ElementKind.USER_TASK,
        ElementKind.SERVICE_TASK,
        ElementKind.SCRIPT_TASK,
        ElementKind.BUSINESS_RULE_TASK,
        ElementKind.SEND_TASK,
        ElementKind.RECEIVE_TASK,
        ElementKind.SUB_PROCESS,
        ElementKind.CALL_ACTIVITY,
    }
)
GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE_GATEWAY,
        ElementKind.PARALLEL_GATEWAY,
        ElementKind.INCLUSIVE_GATEWAY,
        ElementKind.EVENT_BASED_GATEWAY,
    }
)

# What events can wait for, what can go up to the handlers around a scope, and what can be thrown.
_AWAITED = frozenset(
    {
        "messageEventDefinition",
        "timerEventDefinition",
        "signalEventDefinition",
        "conditionalEventDefinition",
    }
)
_HANDLED = frozenset({"errorEventDefinition", "escalationEventDefinition"})
_THROWN = frozenset(
    {
        "messageEventDefinition",
        "signalEventDefinition",
        "escalationEventDefinition",
        "compensateEventDefinition",
    }
)
_LINK = frozenset({"linkEventDefinition"})
_UNDOING = frozenset({"compensateEventDefinition"})
_CANCEL = frozenset({"cancelEventDefinition"})
_LINKS = frozenset({"incoming", "outgoing"})
_DATA = frozenset({"dataObject", "dataObjectReference"})
_ARTIFACTS = frozenset({"textAnnotation", "association", "group"})
_CONTENT = frozenset(FLOW_NODES) | _DATA | _ARTIFACTS | {"sequenceFlow", "laneSet"}
_ASSOCIATIONS = frozenset({"property", "dataInputAssociation", "dataOutputAssociation"})
_LOOPS = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})
_ACTIVITY_PARTS = _LINKS | _LOOPS | _ASSOCIATIONS

# Which BPMN elements may stand in which, beside documentation and extension elements. An error or escalation
# never starts a process by itself but an event sub-process; the rules on scopes see to that.
PARTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(ACTIVITIES, _ACTIVITY_PARTS),
    **dict.fromkeys(GATEWAYS, _LINKS),
    "process": _CONTENT,
    "subProcess": _CONTENT | _ACTIVITY_PARTS,
    TRANSACTION: _CONTENT | _ACTIVITY_PARTS,
    "scriptTask": _ACTIVITY_PARTS | {"script"},
    "startEvent": _LINKS | _AWAITED | _HANDLED | _UNDOING,
    "boundaryEvent": _LINKS | _AWAITED | _HANDLED | _UNDOING | _CANCEL,
    "intermediateCatchEvent": _LINKS | _AWAITED | _LINK,
    "intermediateThrowEvent": _LINKS | _THROWN | _LINK,
    "endEvent": _LINKS | _THROWN | _CANCEL | {"errorEventDefinition", "terminateEventDefinition"},
    "sequenceFlow": frozenset({"conditionExpression"}),
    "laneSet": frozenset({"lane"}),
    "childLaneSet": frozenset({"lane"}),
    "lane": frozenset({"flowNodeRef", "childLaneSet"}),
    "dataObject": frozenset({"dataState"}),
    "dataObjectReference": frozenset({"dataState"}),
    "dataInputAssociation": frozenset({"sourceRef", "targetRef"}),
    "dataOutputAssociation": frozenset({"sourceRef", "targetRef"}),
    "conditionalEventDefinition": frozenset({"condition"}),
    "timerEventDefinition": frozenset({"timeDate", "timeDuration", "timeCycle"}),
    "standardLoopCharacteristics": frozenset({"loopCondition"}),
    "multiInstanceLoopCharacteristics": frozenset(
        {
            "loopCardinality",
            "loopDataInputRef",
            "loopDataOutputRef",
            "inputDataItem",
            "outputDataItem",
            "completionCondition",
        }
    ),
}

# What an element has once if at all: of two, one would be ignored. Event definitions may be several.
ONCE = (
    frozenset({"extensionElements", "conditionExpression", "script", "sourceRef", "targetRef", "dataState"})
    | PARTS["timerEventDefinition"]
    | PARTS["conditionalEventDefinition"]
    | PARTS["standardLoopCharacteristics"]
    | PARTS["multiInstanceLoopCharacteristics"]
    | {"multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "childLaneSet"}
    | {"serviceTaskOperator", "calledDecisionId", "properties"}
)

_ACTIVITY_EXTENSIONS = frozenset({"output", "listener"})
_HUMAN = frozenset(
    {
        "role",
        "unit",
        "region",
        "deadline",
        "differsFrom",
        "withdraw",
        "prefill",
        "standIn",
        "actions",
        "returnTo",
        "approval",
        "decision",
        "agreeing",
        "noReturn",
    }
)

# Our own attributes, by the BPMN element that may carry them, beside nameEn and clauses.
OWN_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "process": frozenset({"exclusive", "startRoles"}),
    "lane": frozenset({"role", "unit", "region"}),
    "userTask": _HUMAN,
    "startEvent": frozenset({"correlationKey"}),
    "serviceTask": frozenset({"noReturn"}),
    "scriptTask": frozenset({"noReturn"}),
    "subProcess": frozenset({"noReturn"}),
    "callActivity": frozenset({"noReturn"}),
    "intermediateCatchEvent": frozenset({"correlationKey", "noReturn"}),
    "intermediateThrowEvent": frozenset({"correlationKey", "noReturn"}),
    "boundaryEvent": frozenset({"correlationKey"}),
    "endEvent": frozenset({"correlationKey", "result"}),
    "sendTask": frozenset({"correlationKey", "noReturn"}),
    "receiveTask": frozenset({"correlationKey", "noReturn"}),
    "messageEventDefinition": frozenset({"correlationKey"}),
}

# Our own extension elements, by the BPMN element whose extensionElements may hold them.
OWN_EXTENSIONS: Mapping[str, frozenset[str]] = {
    **{kind.value: _ACTIVITY_EXTENSIONS for kind in ACTIVITIES},
    TRANSACTION: _ACTIVITY_EXTENSIONS,
    "callActivity": _ACTIVITY_EXTENSIONS | {"input"},
    "sendTask": _ACTIVITY_EXTENSIONS | {"payload"},
    "startEvent": _ACTIVITY_EXTENSIONS,
    "intermediateCatchEvent": _ACTIVITY_EXTENSIONS,
    "boundaryEvent": _ACTIVITY_EXTENSIONS,
    "intermediateThrowEvent": frozenset({"listener", "payload"}),
    "endEvent": frozenset({"listener", "payload"}),
}
# The attributes of ours that are yes or no.
OWN_BOOLEANS = frozenset({"exclusive", "withdraw", "noReturn"})
# SpiffWorkflow's extension elements that mean the same here as there.
SPIFFWORKFLOW_EXTENSIONS: Mapping[str, frozenset[str]] = {
    "serviceTask": frozenset({"serviceTaskOperator"}),
    "sendTask": frozenset({"serviceTaskOperator"}),
    "userTask": frozenset({"properties"}),
    "businessRuleTask": frozenset({"calledDecisionId"}),
}
FORM_PROPERTY = "formJsonSchemaFilename"

# What an extension element may carry and contain, ours and SpiffWorkflow's alike.
EXTENSION_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "output": frozenset({"variable", "expression"}),
    "input": frozenset({"variable", "expression"}),
    "listener": frozenset({"topic", "when"}),
    "payload": frozenset(),
    "serviceTaskOperator": frozenset({"id", "resultVariable"}),
    "parameters": frozenset(),
    "parameter": frozenset({"id", "name", "type", "value"}),
    "properties": frozenset(),
    "calledDecisionId": frozenset(),
    "property": frozenset({"name", "value"}),
}
EXTENSION_PARTS: Mapping[str, frozenset[str]] = {
    "listener": frozenset({"parameter"}),
    "payload": frozenset({"parameter"}),
    "serviceTaskOperator": frozenset({"parameters"}),
    "parameters": frozenset({"parameter"}),
    "properties": frozenset({"property"}),
}
