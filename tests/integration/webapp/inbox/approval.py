"""A small approval to work on: the initiator fills in, a reviewer decides, a return goes round again."""

from __future__ import annotations

import json

from engine.api import InstanceRef
from kernel.actor import system_actor
from tests.factories.people import REGION, SamplePerson
from webapp.wiring import Platform

KEY = "sample-approval"
TITLE = "示例地图服务 1.0.0"

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:zujian="urn:zujian:bpmn:1"
  id="definitions_sample" targetNamespace="urn:zujian:tests">
  <bpmn:process id="sample-approval" name="示例审批" zujian:nameEn="Sample approval" isExecutable="true"
    zujian:startRoles="releasing_unit">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_unit" name="发布单位" zujian:nameEn="Releasing unit" zujian:role="releasing_unit">
        <bpmn:flowNodeRef>requested</bpmn:flowNodeRef><bpmn:flowNodeRef>before_fill</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>fill</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lane_reviewer" name="审核方" zujian:nameEn="Reviewer" zujian:role="reviewer">
        <bpmn:flowNodeRef>review</bpmn:flowNodeRef><bpmn:flowNodeRef>decided</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>approved</bpmn:flowNodeRef><bpmn:flowNodeRef>refused</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="requested" name="发起" zujian:nameEn="Requested">
      <bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:exclusiveGateway id="before_fill">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:incoming>f6</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:userTask id="fill" name="填写材料" zujian:nameEn="Fill in" zujian:deadline="P7D"
      zujian:actions="transfer takeBack">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="formJsonSchemaFilename" value="fill.json"/>
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:userTask>
    <bpmn:userTask id="review" name="审核" zujian:nameEn="Review" zujian:deadline="P1D"
      zujian:differsFrom="fill" zujian:withdraw="true"
      zujian:actions="return addSignatory removeSignatory transfer delegate copy urge">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="formJsonSchemaFilename" value="review.json"/>
        </spiffworkflow:properties>
        <zujian:output variable="decision" expression="outcome"/>
      </bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing></bpmn:userTask>
    <bpmn:exclusiveGateway id="decided" default="f7">
      <bpmn:incoming>f4</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing><bpmn:outgoing>f6</bpmn:outgoing>
      <bpmn:outgoing>f7</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="approved" name="通过" zujian:nameEn="Approved" zujian:result="approved">
      <bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="refused" name="未通过" zujian:nameEn="Refused" zujian:result="refused">
      <bpmn:incoming>f7</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="requested" targetRef="before_fill"/>
    <bpmn:sequenceFlow id="f2" sourceRef="before_fill" targetRef="fill"/>
    <bpmn:sequenceFlow id="f3" sourceRef="fill" targetRef="review"/>
    <bpmn:sequenceFlow id="f4" sourceRef="review" targetRef="decided"/>
    <bpmn:sequenceFlow id="f5" sourceRef="decided" targetRef="approved">
      <bpmn:conditionExpression>decision == 'agree'</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f6" sourceRef="decided" targetRef="before_fill">
      <bpmn:conditionExpression>decision == 'return'</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f7" sourceRef="decided" targetRef="refused"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="sample-approval">
    {drawing}
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

SHAPES = {
    "lane_unit": (0, 0, 900, 160),
    "lane_reviewer": (0, 160, 900, 160),
    "requested": (60, 62, 36, 36),
    "before_fill": (150, 55, 50, 50),
    "fill": (260, 40, 100, 80),
    "review": (420, 200, 100, 80),
    "decided": (600, 215, 50, 50),
    "approved": (760, 182, 36, 36),
    "refused": (760, 262, 36, 36),
}
FLOWS = {
    "f1": "requested before_fill",
    "f2": "before_fill fill",
    "f3": "fill review",
    "f4": "review decided",
    "f5": "decided approved",
    "f6": "decided before_fill",
    "f7": "decided refused",
}


def drawing() -> str:
    """Return the shapes and the straight lines between their middles."""
    shapes = [
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
        for name, (x, y, width, height) in SHAPES.items()
    ]
    middles = {name: (x + width / 2, y + height / 2) for name, (x, y, width, height) in SHAPES.items()}
    edges = [
        f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in (middles[name] for name in ends.split()))
        + "</bpmndi:BPMNEdge>"
        for flow, ends in FLOWS.items()
    ]
    return "".join(shapes + edges)


FILL = {
    "type": "object",
    "title": "填写材料",
    "x-en": {"title": "Material"},
    "additionalProperties": False,
    "required": ["name", "outcome"],
    "properties": {
        "name": {"type": "string", "title": "名称", "x-en": {"title": "Name"}, "minLength": 1},
        "limit": {"type": "integer", "title": "调用频率", "minimum": 1},
        "report": {"type": "string", "title": "测试报告", "x-widget": "file"},
        "token": {
            "type": "string",
            "title": "凭证",
            "x-widget": "secret",
            "pattern": "^secret:[0-9a-f-]{36}$",
        },
        "servers": {
            "type": "array",
            "title": "目标服务器",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["host"],
                "properties": {"host": {"type": "string", "title": "主机", "minLength": 1}},
            },
        },
        "outcome": {
            "type": "string",
            "title": "办理结果",
            "enum": ["submit"],
            "x-widget": "outcome",
            "x-labels": {"submit": {"zh-CN": "提交", "en": "Submit"}},
        },
    },
}

REVIEW = {
    "type": "object",
    "title": "审核意见",
    "x-en": {"title": "Review"},
    "additionalProperties": False,
    "required": ["outcome"],
    "properties": {
        "outcome": {
            "type": "string",
            "title": "审核结论",
            "x-en": {"title": "Decision"},
            "enum": ["agree", "return", "refuse", "withdraw"],
            "x-widget": "outcome",
            "x-labels": {
                "agree": {"zh-CN": "同意", "en": "Agree"},
                "return": {"zh-CN": "退回", "en": "Return"},
                "refuse": {"zh-CN": "否决", "en": "Refuse"},
                "withdraw": {"zh-CN": "撤回", "en": "Withdraw"},
            },
        },
        "opinion": {
            "type": "string",
            "title": "意见",
            "x-en": {"title": "Opinion"},
            "maxLength": 500,
            "x-widget": "textarea",
        },
        "reason": {"type": "string", "title": "撤回理由", "x-en": {"title": "Reason"}, "maxLength": 500},
    },
    "allOf": [
        {
            "if": {"properties": {"outcome": {"enum": ["return", "refuse"]}}, "required": ["outcome"]},
            "then": {"required": ["opinion"]},
        }
    ],
}


def deploy(platform: Platform) -> None:
    """Put the approval into service."""
    actor = system_actor("test", frozenset({"definition.deploy"}))
    files = {
        f"{KEY}.bpmn": BPMN.replace("{drawing}", drawing()).encode(),
        "forms/fill.json": json.dumps(FILL).encode(),
        "forms/review.json": json.dumps(REVIEW).encode(),
    }
    with platform.database.write() as session:
        platform.engine.deploy_files(session, actor, KEY, files)


def start(platform: Platform, person: SamplePerson, title: str = TITLE) -> InstanceRef:
    """Start an approval as the person."""
    with platform.database.write() as session:
        return platform.engine.start_instance(
            session, person.actor, KEY, {}, title=title, region_code=REGION, unit_id=person.unit_id
        )
