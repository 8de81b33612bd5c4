"""Table 1 as fields for people: what each is called, where it stands in the record, how it is written.

One table for the stepwise form, the workbook and the completeness score. What a value may be is a matter of
``rules``; here stands how it is asked for.

Source: TC609-4-2026-XX, clause 7, Table 1; 5.2, 5.3.3, 8.1.2a (extension)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from domain.catalogue.dictionary_rules import KINDS, DictionaryKind
from domain.catalogue.rules.model import Stage
from kernel.language import Text

Kind = Literal[
    "text", "long", "integer", "code", "codes", "region", "lines", "servers", "tariff", "json", "file"
]
STEPS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "basics": Text("基本信息", "Basics"),
        "classes": Text("分类与范围", "Classes and scope"),
        "units": Text("责任单位", "Units"),
        "interface": Text("接口信息", "Interface"),
        "details": Text("组件详情", "Details"),
        "operation": Text("网络与运行", "Network and operation"),
    }
)
NO_HELP: Final = Text("", "")
_C, _O, _L = Stage.CREATION, Stage.ONBOARDING, Stage.LISTING


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfRecord:
    """One field: ``weight`` counts in the completeness score, ``stage`` is when it is asked for.

    ``optional`` fields may stay empty for good; ``dictionary`` names the codes to choose from.
    """

    path: str
    title: Text
    step: str
    kind: Kind
    stage: Stage = _C
    weight: int = 1
    optional: bool = False
    limit: int | None = None
    dictionary: str = ""
    help: Text = NO_HELP

    @property
    def codes(self) -> DictionaryKind | None:
        """Return the dictionary of the field."""
        return KINDS.get(self.dictionary)


def _code(path: str, zh: str, en: str, step: str, **more: Any) -> FieldOfRecord:
    name = path.rpartition(".")[2]
    kind: Kind = "codes" if name == "protocols" else "code"
    return FieldOfRecord(path=path, title=Text(zh, en), step=step, kind=kind, dictionary=name, **more)


def _field(path: str, zh: str, en: str, step: str, kind: Kind, **more: Any) -> FieldOfRecord:
    return FieldOfRecord(path=path, title=Text(zh, en), step=step, kind=kind, **more)


FIELDS: Final[tuple[FieldOfRecord, ...]] = (
    _field(
        "name",
        "组件名称",
        "Name",
        "basics",
        "text",
        weight=2,
        limit=200,
        help=Text(
            "不得与其他组件重名（不区分全半角和大小写）",
            "Not the name of another component (width and case aside)",
        ),
    ),
    _field(
        "version",
        "组件版本",
        "Version",
        "basics",
        "text",
        weight=2,
        limit=64,
        help=Text("例如 5.0.0 或 5.0.0 build-13124", "Such as 5.0.0 or 5.0.0 build-13124"),
    ),
    _field("remark", "组件简介", "Introduction", "basics", "long", weight=2, limit=1000),
    _code("image", "组件图标", "Icon", "basics"),
    _field(
        "demoAddress",
        "体验环境地址（组件配置环境）",
        "Trial address",
        "basics",
        "text",
        optional=True,
        limit=500,
        help=Text(
            "宜使用 https 域名地址；没有则不填",
            "Preferably https and a domain name; leave empty if there is none",
        ),
    ),
    _code("functionalAreas", "组件功能领域", "Functional area", "classes"),
    _code("useRequirements", "组件使用要求", "Use requirement", "classes"),
    _code("technicalField", "组件技术领域", "Technical field", "classes"),
    _code("extension.layer", "层级", "Layer", "classes"),
    _code("extension.capabilityClass", "技术能力分类", "Capability class", "classes"),
    _code("extension.buildMode", "建设方式", "Build mode", "classes"),
    _field("publicRegion", "组件发布地区", "Region", "classes", "region"),
    _code(
        "publicScope",
        "组件发布范围",
        "Scope",
        "classes",
        help=Text(
            "省域可供全省使用，市域只在本市可见",
            "A province's component serves the whole province, a city's is seen in the city only",
        ),
    ),
    _code("isHosting", "是否托管", "Hosting", "classes"),
    _code("isCharge", "是否收费", "Charge", "classes"),
    _field(
        "extension.chargeStandard",
        "计费标准",
        "Tariff",
        "classes",
        "tariff",
        stage=_O,
        optional=True,
        help=Text("收费组件必填", "Needed where a charge is made"),
    ),
    _field(
        "releaseCompanyInfo",
        "组件发布单位信息",
        "Releasing unit",
        "units",
        "long",
        limit=500,
        help=Text("单位、地址、电话、邮箱、联系人", "Unit, address, telephone, e-mail, contact"),
    ),
    _field(
        "serviceProviderInfo",
        "组件提供方信息",
        "Providers",
        "units",
        "lines",
        limit=500,
        help=Text("每行一个提供方", "One provider a line"),
    ),
    _field("apiInfo.apiName", "接口名称", "API name", "interface", "text", stage=_O, limit=200),
    _field(
        "apiInfo.apiCode",
        "接口标识",
        "API code",
        "interface",
        "text",
        stage=_O,
        limit=200,
        help=Text("小写字母、数字、短划线", "Lower-case letters, digits, hyphens"),
    ),
    _field("apiInfo.apiDescription", "接口描述", "API description", "interface", "text", stage=_O, limit=200),
    _code("apiInfo.protocols", "协议支持", "Protocols", "interface", stage=_O),
    _field(
        "apiInfo.targetServers",
        "目标服务器",
        "Target servers",
        "interface",
        "servers",
        stage=_L,
        optional=True,
        help=Text(
            "每行一台：主机[:端口]=权重，权重合计100",
            "One a line: host[:port]=weight; the weights sum to 100",
        ),
    ),
    _field("apiInfo.publicPath", "公开路径", "Public path", "interface", "text", stage=_O, limit=200),
    _field("apiInfo.forwardPath", "转发路径", "Forward path", "interface", "text", stage=_O, limit=200),
    _field(
        "apiInfo.rateLimit", "调用频率（次/秒）", "Rate (calls per second)", "interface", "integer", stage=_O
    ),
    _field("apiInfo.timeoutMs", "转发超时时间（毫秒）", "Timeout (ms)", "interface", "integer", stage=_O),
    _code(
        "apiInfo.requestContentType",
        "请求内容类型",
        "Request content type",
        "interface",
        stage=_O,
        optional=True,
    ),
    _code(
        "apiInfo.responseTargetType", "返回目标类型", "Response type", "interface", stage=_O, optional=True
    ),
    _field(
        "componentDetails.coreFunctions",
        "核心功能",
        "Core functions",
        "details",
        "long",
        stage=_O,
        weight=2,
        limit=250,
    ),
    _field("componentDetails.scenarios", "应用场景", "Scenarios", "details", "long", stage=_O, limit=250),
    _field("componentDetails.advantages", "特色优势", "Advantages", "details", "long", stage=_O, limit=250),
    _field("componentDetails.faq", "常见问题", "FAQ", "details", "long", stage=_O, limit=250),
    _field(
        "componentDetails.resources.functionalTestReport",
        "功能测试报告",
        "Functional test report",
        "details",
        "file",
        stage=_L,
        weight=2,
    ),
    _field(
        "componentDetails.resources.securityTestReport",
        "安全测试报告",
        "Security test report",
        "details",
        "file",
        stage=_L,
        weight=2,
    ),
    _field(
        "componentDetails.resources.performanceTestReport",
        "性能测试报告",
        "Performance test report",
        "details",
        "file",
        stage=_L,
        weight=2,
    ),
    _field(
        "componentDetails.resources.applicationGuide",
        "组件申请指南",
        "Application guide",
        "details",
        "file",
        stage=_L,
        optional=True,
    ),
    _code("extension.networkZone", "网络区域", "Network zone", "operation", stage=_L),
    _field(
        "extension.serviceAddress",
        "服务访问地址",
        "Service address",
        "operation",
        "text",
        stage=_O,
        optional=True,
        limit=500,
    ),
    _field(
        "extension.healthPath",
        "健康检查路径",
        "Health path",
        "operation",
        "text",
        stage=_O,
        optional=True,
        limit=200,
    ),
)
FIELDS_BY_PATH: Final[Mapping[str, FieldOfRecord]] = MappingProxyType({field.path: field for field in FIELDS})
