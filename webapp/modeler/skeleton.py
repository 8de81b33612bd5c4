"""The files of a process that does not exist yet: one lane, one user task, one form."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

import orjson

from kernel.errors import FieldProblem, Invalid
from kernel.language import Text

_KEY = re.compile(r"[a-z][a-z0-9-]{0,59}")
_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:zujian="urn:zujian:bpmn:1" id="definitions" targetNamespace="urn:zujian:processes">
  <bpmn:process id="{key}" name={name} isExecutable="true" zujian:nameEn={name_en}>
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_work" name="办理" zujian:nameEn="Work">
        <bpmn:flowNodeRef>started</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>do_work</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>finished</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="started" name="发起" zujian:nameEn="Started"><bpmn:outgoing>started_to_do_work</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="do_work" name="办理" zujian:nameEn="Do the work">
      <bpmn:extensionElements><spiffworkflow:properties><spiffworkflow:property name="formJsonSchemaFilename" value="work.json"/></spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:incoming>started_to_do_work</bpmn:incoming><bpmn:outgoing>do_work_to_finished</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="finished" name="完成" zujian:nameEn="Finished" zujian:result="finished"><bpmn:incoming>do_work_to_finished</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="started_to_do_work" sourceRef="started" targetRef="do_work"/>
    <bpmn:sequenceFlow id="do_work_to_finished" sourceRef="do_work" targetRef="finished"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
    <bpmndi:BPMNShape id="lane_work_shape" bpmnElement="lane_work" isHorizontal="true"><dc:Bounds x="120" y="80" width="560" height="180"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="started_shape" bpmnElement="started"><dc:Bounds x="202" y="152" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="do_work_shape" bpmnElement="do_work"><dc:Bounds x="340" y="130" width="120" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="finished_shape" bpmnElement="finished"><dc:Bounds x="562" y="152" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="started_to_do_work_edge" bpmnElement="started_to_do_work"><di:waypoint x="238" y="170"/><di:waypoint x="340" y="170"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="do_work_to_finished_edge" bpmnElement="do_work_to_finished"><di:waypoint x="460" y="170"/><di:waypoint x="562" y="170"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - the text of a file

_FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "title": "办理",
    "x-en": {"title": "Work"},
    "properties": {
        "opinion": {"type": "string", "title": "意见", "x-en": {"title": "Opinion"}, "x-widget": "textarea"}
    },
    "required": ["opinion"],
    "additionalProperties": False,
}


def check_key(key: str) -> None:
    """Refuse a key that cannot name a process and its file.

    Raises:
        Invalid: not lower-case letters, digits and hyphens, beginning with a letter.
    """
    if _KEY.fullmatch(key):
        return
    message = Text(
        "流程标识须以小写字母开头，只含小写字母、数字和横线，不超过 60 个字符。",
        "A process key begins with a lower-case letter and has at most 60 of a-z, 0-9 and the hyphen.",
    )
    raise Invalid(message, (FieldProblem("key", "definition.key", message),))


def new_definition(key: str, name: str, name_en: str) -> dict[str, bytes]:
    """Return the files of a new process; its lane has no role yet, so that the check asks for one."""
    check_key(key)
    diagram = _DIAGRAM.format(key=key, name=quoteattr(name), name_en=quoteattr(name_en))
    return {
        f"{key}.bpmn": diagram.encode(),
        "forms/work.json": orjson.dumps(_FORM, option=orjson.OPT_INDENT_2),
    }
