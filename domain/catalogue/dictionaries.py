"""The code lists of Table 1 as they are shipped: what holds until an edition of a dictionary is released.

The fixed codes come from the standard, the others are ours. Regions are not here: they are rows of
``domain.people``. What is in force stands in ``queries.dictionaries``, what may be changed in
``dictionary_rules``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, TypeVar

from kernel.language import Text

Key = TypeVar("Key")


def _codes(values: dict[Key, tuple[str, str]]) -> Mapping[Key, Text]:
    return MappingProxyType({key: Text(zh, en) for key, (zh, en) in values.items()})


FUNCTIONAL_AREAS: Final = _codes(
    {
        0: ("基础服务", "Basic services"),
        1: ("政府业务", "Government business"),
        2: ("城市治理", "City governance"),
        3: ("民生服务", "Services for citizens"),
        4: ("经济运行", "Economy"),
        5: ("生态环境", "Environment"),
        6: ("应急管理", "Emergency management"),
        7: ("交通出行", "Transport"),
        8: ("公共安全", "Public safety"),
    }
)
USE_REQUIREMENTS: Final = _codes({"强制": ("强制", "Mandatory"), "推荐": ("推荐", "Recommended")})
API_SERVICE: Final = "1"
AGENT: Final = "2"
MODEL: Final = "3"
DATA_SERVICE: Final = "4"
OTHER: Final = "5"
TECHNICAL_FIELDS: Final = _codes(
    {
        API_SERVICE: ("接口服务", "API service"),
        AGENT: ("智能体", "Agent"),
        MODEL: ("模型算法", "Model or algorithm"),
        DATA_SERVICE: ("数据服务", "Data service"),
        OTHER: ("其他", "Other"),
    }
)
# The technical fields whose components are reached through an API of their own.
WITH_API: Final = (API_SERVICE, MODEL, DATA_SERVICE)
CHARGES: Final = _codes({"1": ("收费", "Charged"), "2": ("不收费", "Free of charge")})
SCOPES: Final = _codes({0: ("省域", "Province"), 1: ("市域", "City")})
HOSTING: Final = _codes({0: ("非托管", "Unhosted"), 1: ("托管", "Hosted")})
LAYERS: Final = _codes({"能力层": ("能力层", "Capability layer"), "应用层": ("应用层", "Application layer")})
CAPABILITY_CLASSES: Final = _codes(
    {"基础支撑": ("基础支撑", "Basic support"), "人工智能": ("人工智能", "Artificial intelligence")}
)
NEWLY_BUILT: Final = "新建"
INTRODUCED: Final = "外部引入"
BUILD_MODES: Final = _codes(
    {
        NEWLY_BUILT: ("新建", "Newly built"),
        "解耦与重构": ("解耦与重构", "Decoupled and refactored"),
        INTRODUCED: ("外部引入", "Introduced from outside"),
    }
)
NETWORK_ZONES: Final = _codes(
    {
        "政务外网区": ("政务外网区", "Government extranet"),
        "互联网区": ("互联网区", "Internet zone"),
    }
)
PROTOCOLS: Final = ("HTTP/1.1", "HTTP/2", "HTTPS/1.1", "HTTPS/2")
CONTENT_TYPES: Final = _codes(
    {
        "default": ("默认", "Default"),
        "xml": ("xml", "xml"),
        "json": ("json", "json"),
        "urlencoded": ("urlencoded", "urlencoded"),
    }
)
DEFAULT_ICON: Final = "平台内置"
ICONS: Final = _codes(
    {
        DEFAULT_ICON: ("平台内置", "Built in"),
        "builtin:ai": ("人工智能", "Artificial intelligence"),
        "builtin:auth": ("认证", "Authentication"),
        "builtin:cert": ("证照", "Certificates"),
        "builtin:data": ("数据", "Data"),
        "builtin:item": ("事项", "Service items"),
        "builtin:llm": ("大模型", "Large language model"),
        "builtin:map": ("地图", "Map"),
        "builtin:message": ("消息", "Messages"),
        "builtin:monitor": ("监控", "Monitoring"),
        "builtin:network": ("网络", "Network"),
        "builtin:nlp": ("自然语言", "Natural language"),
        "builtin:schedule": ("调度", "Dispatch"),
        "builtin:seal": ("印章", "Seals"),
        "builtin:speech": ("语音", "Speech"),
        "builtin:traffic": ("交通", "Traffic"),
        "builtin:user": ("用户", "Users"),
        "builtin:video": ("视频", "Video"),
    }
)


def build_mode_of(record: Mapping[str, Any]) -> str:
    """Return the build mode that a record names; one that names none is held to the strictest."""
    extension = record.get("extension")
    mode = extension.get("buildMode") if isinstance(extension, Mapping) else None
    return mode if isinstance(mode, str) and mode in BUILD_MODES else INTRODUCED
