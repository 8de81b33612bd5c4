"""The rules of Table 1, one row each, in the order of the standard.

Messages are those of the settled readings, word for word; ``mend`` tells what to do.

Source: TC609-4-2026-XX, clause 7, Table 1; docs/reference/table-1-rules.md
"""

from typing import Final

from domain.catalogue import dictionaries as d
from domain.catalogue.rules import checks as c
from domain.catalogue.rules.model import Check, Rule, Severity, Stage
from kernel.language import Text

_C, _O, _L = Stage.CREATION, Stage.ONBOARDING, Stage.LISTING


def _rule(
    identifier: str,
    field: str,
    stage: Stage,
    check: Check,
    clause: str,
    message: Text,
    mend: Text,
    after: str | None = None,
) -> Rule:
    """Return a row; the first letter of the id tells errors from warnings."""
    severity = Severity.WARNING if identifier.startswith("W-") else Severity.ERROR
    return Rule(identifier, field, stage, severity, message, clause, mend, check, after)


TABLE_1: Final[tuple[Rule, ...]] = (
    _rule(
        "V-NAME-01",
        "name",
        _C,
        c.text_of(),
        "表1 name; 9.1a",
        Text(
            "组件名称为必填项，应为非空字符串",
            "The name is required and must be non-blank text",
        ),
        Text(
            "填写组件名称，不能只有空格",
            "Enter a name that is not only white space",
        ),
    ),
    _rule(
        "V-NAME-02",
        "name",
        _C,
        c.at_most(200),
        "表1 name",
        Text(
            "组件名称不得超过200个字符",
            "The name must not exceed 200 characters",
        ),
        Text(
            "缩短名称至200个字符以内",
            "Shorten the name to 200 characters",
        ),
    ),
    _rule(
        "V-NAME-03",
        "name",
        _C,
        c.name_is_free,
        "表1 name; 9.1a",
        Text(
            "组件名称已存在",
            "Another component already has this name",
        ),
        Text(
            "换一个名称；如为已有组件的新版本，请在该组件下新建版本",
            "Choose another name; for a new version, start it from the existing component",
        ),
        "V-NAME-01",
    ),
    _rule(
        "V-VER-01",
        "version",
        _C,
        c.version_has_a_form,
        "表1 version; 6.2d",
        Text(
            "版本号应为“主版本号.子版本号[.修正版本号[.编译版本号]]”或语义化版本",
            "The version must be major.minor[.patch[.build]] or SemVer",
        ),
        Text(
            "写成 5.0.0、5.0.0.13124、“5.0.0 build-13124” 或 5.0.0-rc.1，数字不加前导零，不加字母 v",
            "Write 5.0.0, 5.0.0.13124, “5.0.0 build-13124” or 5.0.0-rc.1, without leading "
            "zeros and without v",
        ),
    ),
    _rule(
        "V-VER-02",
        "version",
        _C,
        c.version_is_new,
        "表1 version; 9.1a",
        Text(
            "该组件已有相同版本号",
            "This component already has this version",
        ),
        Text(
            "使用尚未用过的版本号",
            "Use a version number that this component does not have yet",
        ),
        "V-VER-01",
    ),
    _rule(
        "V-FA-01",
        "functionalAreas",
        _C,
        c.functional_area,
        "表1 functionalAreas",
        Text(
            "组件功能领域应为功能领域编码内的整数",
            "The functional area must be an integer code of the dictionary",
        ),
        Text(
            "从功能领域字典中选择，JSON 中写整数（不加引号）",
            "Choose from the dictionary; in JSON write an integer without quotes",
        ),
    ),
    _rule(
        "V-USE-01",
        "useRequirements",
        _C,
        c.one_of_texts(*d.USE_REQUIREMENTS),
        "表1 useRequirements; 5.3.1",
        Text(
            "组件使用要求应为“强制”或“推荐”",
            "The use requirement must be 强制 or 推荐",
        ),
        Text(
            "填“强制”或“推荐”",
            "Write 强制 (mandatory) or 推荐 (recommended)",
        ),
    ),
    _rule(
        "V-TF-01",
        "technicalField",
        _C,
        c.one_of_texts(*d.TECHNICAL_FIELDS),
        "表1 technicalField; 5.3.2",
        Text(
            "组件技术领域应为字符串编码 1 至 5",
            "The technical field must be a string code 1 to 5",
        ),
        Text(
            '填字符串 "1" 至 "5"（接口服务、智能体、模型算法、数据服务、其他）',
            'Write the string "1" to "5" (API, agent, model, data service, other)',
        ),
    ),
    _rule(
        "V-CHG-01",
        "isCharge",
        _C,
        c.one_of_texts(*d.CHARGES),
        "表1 isCharge",
        Text(
            "是否收费应为字符串“1”（收费）或“2”（不收费）",
            'isCharge must be the string "1" (charged) or "2" (free)',
        ),
        Text(
            '填字符串 "1" 或 "2"，JSON 中要加引号',
            'Write the string "1" or "2", in JSON with quotes',
        ),
    ),
    _rule(
        "V-CHG-02",
        "extension.chargeStandard",
        _O,
        c.tariff,
        "表1 isCharge; 8.2.1a",
        Text(
            "收费组件应填写计费标准",
            "A charged component needs a tariff",
        ),
        Text(
            "在 extension.chargeStandard 中填写计费单位、单价和结算周期，或改为不收费",
            "Give unit, price and billing period in extension.chargeStandard, or set it to free of charge",
        ),
    ),
    _rule(
        "V-REG-01",
        "publicRegion",
        _C,
        c.region,
        "表1 publicRegion",
        Text(
            "发布地区不在发布地市编码内",
            "The region is not in the region dictionary",
        ),
        Text(
            "从地区字典中选择地区名称",
            "Choose the name of a region from the dictionary",
        ),
    ),
    _rule(
        "V-SCO-01",
        "publicScope",
        _C,
        c.one_of_integers(*d.SCOPES),
        "表1 publicScope",
        Text(
            "组件发布范围应为 0（省域）或 1（市域）",
            "The scope must be 0 (province) or 1 (city)",
        ),
        Text(
            "填整数 0（省域）或 1（市域），不加引号",
            "Write the integer 0 (province) or 1 (city), without quotes",
        ),
    ),
    _rule(
        "V-HOS-01",
        "isHosting",
        _C,
        c.one_of_integers(*d.HOSTING),
        "表1 isHosting",
        Text(
            "是否托管应为 0（非托管）或 1（托管）",
            "isHosting must be 0 (unhosted) or 1 (hosted)",
        ),
        Text(
            "填整数 0（非托管）或 1（托管），不加引号",
            "Write the integer 0 (unhosted) or 1 (hosted), without quotes",
        ),
    ),
    _rule(
        "V-REM-01",
        "remark",
        _C,
        c.text_of(1000),
        "表1 remark",
        Text(
            "组件简介为必填项，不得超过1000个字符",
            "The introduction is required, at most 1000 characters",
        ),
        Text(
            "用不超过1000个字符介绍组件",
            "Introduce the component in at most 1000 characters",
        ),
    ),
    _rule(
        "V-IMG-01",
        "image",
        _C,
        c.icon,
        "表1 image",
        Text(
            "组件图标应为系统提供的可选图标",
            "The icon must be one the platform offers",
        ),
        Text(
            "从图标列表中选择，或填“平台内置”",
            "Choose an icon from the list, or write 平台内置",
        ),
    ),
    _rule(
        "V-DEMO-01",
        "demoAddress",
        _C,
        c.trial_address,
        "表1 demoAddress",
        Text(
            "组件配置环境（体验环境地址）应为有效的 http 或 https 地址",
            "The trial address must be a valid http or https URL",
        ),
        Text(
            "填写形如 https://demo.example.cn/ 的地址，不含空格，不超过500个字符；没有则不填",
            "Write an address such as https://demo.example.cn/ without spaces, at most 500 "
            "characters, or leave it out",
        ),
    ),
    _rule(
        "W-DEMO-IP",
        "demoAddress",
        _C,
        c.trial_host_is_a_name,
        "表1 demoAddress; 8.1.2a",
        Text(
            "宜使用域名而非IP地址",
            "Prefer a DNS name to an IP address",
        ),
        Text(
            "为该地址申请域名后填写域名",
            "Register a DNS name for the address and use it",
        ),
        "V-DEMO-01",
    ),
    _rule(
        "W-DEMO-TLS",
        "demoAddress",
        _C,
        c.trial_uses_tls,
        "表1 demoAddress; 10.1d",
        Text(
            "宜使用 https 地址",
            "Prefer https",
        ),
        Text(
            "为该地址配置证书并改用 https",
            "Give the address a certificate and use https",
        ),
        "V-DEMO-01",
    ),
    _rule(
        "V-REL-01",
        "releaseCompanyInfo",
        _C,
        c.text_of(500),
        "表1 releaseCompanyInfo",
        Text(
            "组件发布单位信息为必填项（1项），不得超过500个字符",
            "Releasing-unit information is required (one text), at most 500 characters",
        ),
        Text(
            "用一段文字填写发布单位的地址、电话、邮箱、联系人",
            "Give address, telephone, e-mail and contact of the releasing unit in one text",
        ),
    ),
    _rule(
        "V-SPI-01",
        "serviceProviderInfo",
        _C,
        c.providers,
        "表1 serviceProviderInfo",
        Text(
            "组件提供方信息至少1项，每项非空且不得超过500个字符",
            "Give at least one provider; each entry non-blank, at most 500 characters",
        ),
        Text(
            "写成文字列表，每个提供方一项",
            "Write a list of texts, one entry per provider",
        ),
    ),
    _rule(
        "V-LAYER-01",
        "extension.layer",
        _C,
        c.one_of_texts(*d.LAYERS),
        "5.1a; 5.2",
        Text(
            "层级应为“能力层”或“应用层”",
            "The layer must be 能力层 or 应用层",
        ),
        Text(
            "填“能力层”或“应用层”",
            "Write 能力层 (capability) or 应用层 (application)",
        ),
    ),
    _rule(
        "V-CAP-01",
        "extension.capabilityClass",
        _C,
        c.one_of_texts(*d.CAPABILITY_CLASSES),
        "5.3.3",
        Text(
            "技术能力分类应为“基础支撑”或“人工智能”",
            "The capability class must be 基础支撑 or 人工智能",
        ),
        Text(
            "填“基础支撑”或“人工智能”",
            "Write 基础支撑 (basic support) or 人工智能 (artificial intelligence)",
        ),
    ),
    _rule(
        "V-API-01",
        "apiInfo",
        _O,
        c.api_object,
        "表1 apiInfo; 5.3.2",
        Text(
            "组件API信息应为结构化对象（至多1个）；接口服务、模型算法、数据服务类接入时必填",
            "apiInfo must be one object; required at onboarding for forms 1, 3 and 4",
        ),
        Text(
            "填写一个 apiInfo 对象；只有智能体类和其他类可以不填",
            "Give one apiInfo object; only agents and other components may leave it out",
        ),
    ),
    _rule(
        "V-API-02",
        "apiInfo.apiName",
        _O,
        c.api_name,
        "表1 apiInfo.接口名称",
        Text(
            "接口名称必填，限中文、大小写字母、数字、下划线、短划线、括号，长度≤200",
            "The API name is required: Chinese, letters, digits, _ - and round brackets, at most 200",
        ),
        Text(
            "改用中文、字母、数字、下划线、短划线、圆括号，不含空格",
            "Use Chinese, letters, digits, _ - and round brackets, no spaces",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-03",
        "apiInfo.apiName",
        _O,
        c.api_value_is_free("api_name", "apiName"),
        "表1 apiInfo.接口名称",
        Text(
            "接口名称已存在",
            "Another API already has this name",
        ),
        Text(
            "换一个平台内未用过的接口名称",
            "Choose an API name that the platform does not have yet",
        ),
        "V-API-02",
    ),
    _rule(
        "V-API-04",
        "apiInfo.apiCode",
        _O,
        c.api_code,
        "表1 apiInfo.接口标识",
        Text(
            "接口标识必填，限小写字母、数字、短划线，长度≤200",
            "The API code is required: lower-case letters, digits, hyphen, at most 200",
        ),
        Text(
            "改用小写字母、数字、短划线",
            "Use lower-case letters, digits and hyphens",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-05",
        "apiInfo.apiCode",
        _O,
        c.api_value_is_free("api_code", "apiCode"),
        "表1 apiInfo.接口标识",
        Text(
            "接口标识已存在",
            "Another API already has this code",
        ),
        Text(
            "换一个平台内未用过的接口标识",
            "Choose an API code that the platform does not have yet",
        ),
        "V-API-04",
    ),
    _rule(
        "W-API-CODE",
        "apiInfo.apiCode",
        _O,
        c.api_code_reads_well,
        "表1 apiInfo.接口标识",
        Text(
            "接口标识不宜以短划线开头、结尾或连用短划线",
            "Avoid a hyphen at either end or twice in a row",
        ),
        Text(
            "去掉首尾和连续的短划线",
            "Remove hyphens at the edges and double ones",
        ),
        "V-API-04",
    ),
    _rule(
        "V-API-06",
        "apiInfo.apiDescription",
        _O,
        c.text_of(200),
        "表1 apiInfo.接口描述",
        Text(
            "接口描述必填，长度≤200",
            "The API description is required, at most 200 characters",
        ),
        Text(
            "用不超过200个字符描述接口",
            "Describe the API in at most 200 characters",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-07",
        "apiInfo.protocols",
        _O,
        c.protocols,
        "表1 apiInfo.协议支持",
        Text(
            "协议支持必填，从 HTTP/1.1、HTTP/2、HTTPS/1.1、HTTPS/2 中选择，不得重复",
            "Choose at least one protocol of the four, none twice",
        ),
        Text(
            "从四种协议中选择，每种至多一次",
            "Choose from the four protocols, each once at most",
        ),
        "V-API-01",
    ),
    _rule(
        "W-API-TLS",
        "apiInfo.protocols",
        _O,
        c.has_tls_protocol,
        "表1 apiInfo.协议支持; 10.1d",
        Text(
            "宜启用 HTTPS",
            "Prefer to enable HTTPS",
        ),
        Text(
            "增加 HTTPS/1.1 或 HTTPS/2",
            "Add HTTPS/1.1 or HTTPS/2",
        ),
        "V-API-07",
    ),
    _rule(
        "V-API-08",
        "apiInfo.targetServers",
        _O,
        c.target_servers,
        "表1 apiInfo.目标服务器",
        Text(
            "目标服务器的主机应有效且不重复，权重为0至100的整数，总和应等于100",
            "Target hosts must be valid and distinct, ranks integers 0 to 100 that sum to 100",
        ),
        Text(
            "主机写成 域名或IPv4[:端口]，权重为整数且合计100，一台主机填100",
            "Write hosts as name or IPv4[:port], ranks as integers that sum to 100; a single host has 100",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-15",
        "apiInfo.targetServers",
        _L,
        c.target_servers_given,
        "表1 apiInfo.目标服务器; 8.2.3a",
        Text(
            "非托管组件上架前应配置目标服务器",
            "An unhosted component needs target servers before listing",
        ),
        Text(
            "填写至少一台目标服务器及权重",
            "Give at least one target server with its rank",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-09",
        "apiInfo.publicPath",
        _O,
        c.path,
        "表1 apiInfo.公开路径",
        Text(
            "公开路径必填，以“/”开头，长度≤200，不含特殊字符",
            "The public path is required: starts with /, at most 200, no special characters",
        ),
        Text(
            "写成 /open/name/v1 的形式，只用字母、数字和 . _ ~ / -，不含 // 与 ..",
            "Write it like /open/name/v1 with letters, digits and . _ ~ / - only, no // and no ..",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-16",
        "apiInfo.publicPath",
        _O,
        c.public_path_is_free,
        "表1 apiInfo.公开路径",
        Text(
            "公开路径已被占用",
            "The public path is already taken",
        ),
        Text(
            "换一个未被占用的公开路径",
            "Choose a public path that is not taken",
        ),
        "V-API-09",
    ),
    _rule(
        "V-API-10",
        "apiInfo.forwardPath",
        _O,
        c.path,
        "表1 apiInfo.转发路径",
        Text(
            "转发路径必填，以“/”开头，长度≤200，不含特殊字符",
            "The forward path is required: starts with /, at most 200, no special characters",
        ),
        Text(
            "写成 /api/name 的形式，只用字母、数字和 . _ ~ / -，不含 // 与 ..",
            "Write it like /api/name with letters, digits and . _ ~ / - only, no // and no ..",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-11",
        "apiInfo.rateLimit",
        _O,
        c.integer_between(1, 2000),
        "表1 apiInfo.调用频率; 10.2a",
        Text(
            "调用频率必填，应为1至2000的整数（次/秒）",
            "The rate is required: an integer from 1 to 2000 per second",
        ),
        Text(
            "填写1至2000的整数",
            "Write an integer from 1 to 2000",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-12",
        "apiInfo.timeoutMs",
        _O,
        c.integer_between(1, None),
        "表1 apiInfo.转发超时时间",
        Text(
            "转发超时时间必填，应为大于0的整数（毫秒）",
            "The timeout is required: an integer above 0, in milliseconds",
        ),
        Text(
            "填写大于0的整数，单位毫秒",
            "Write an integer above 0, in milliseconds",
        ),
        "V-API-01",
    ),
    _rule(
        "W-API-TIMEOUT",
        "apiInfo.timeoutMs",
        _O,
        c.integer_between(1, 300_000),
        "表1 apiInfo.转发超时时间",
        Text(
            "转发超时时间超过5分钟",
            "The timeout is longer than 5 minutes",
        ),
        Text(
            "确认确需超过5分钟，否则缩短",
            "Confirm that more than 5 minutes are needed, or shorten it",
        ),
        "V-API-12",
    ),
    _rule(
        "V-API-13",
        "apiInfo.requestContentType",
        _O,
        c.optional_content_type,
        "表1 apiInfo.请求内容类型",
        Text(
            "请求内容类型应为默认、xml、json 或 urlencoded",
            "The request content type must be default, xml, json or urlencoded",
        ),
        Text(
            "填 default、xml、json 或 urlencoded，或不填",
            "Write default, xml, json or urlencoded, or leave it out",
        ),
        "V-API-01",
    ),
    _rule(
        "V-API-14",
        "apiInfo.responseTargetType",
        _O,
        c.optional_content_type,
        "表1 apiInfo.返回目标类型",
        Text(
            "返回目标类型应为默认、xml、json 或 urlencoded",
            "The response type must be default, xml, json or urlencoded",
        ),
        Text(
            "填 default、xml、json 或 urlencoded，或不填",
            "Write default, xml, json or urlencoded, or leave it out",
        ),
        "V-API-01",
    ),
    _rule(
        "V-DET-01",
        "componentDetails",
        _O,
        c.details_object,
        "表1 componentDetails",
        Text(
            "组件详情为必填项（1项）",
            "Component details are required (one object)",
        ),
        Text(
            "填写一个 componentDetails 对象",
            "Give one componentDetails object",
        ),
    ),
    _rule(
        "V-DET-02",
        "componentDetails.coreFunctions",
        _O,
        c.detail,
        "表1 详情.核心功能",
        Text(
            "核心功能必填，不超过250个字符，限中英文和数字（可含标点）",
            "Core functions: required, at most 250 characters, Chinese, English, digits "
            "(punctuation allowed)",
        ),
        Text(
            "用不超过250个字符填写核心功能，去掉表情、尖括号等字符",
            "Give the core functions in at most 250 characters, without emoji, angle brackets and the like",
        ),
        "V-DET-01",
    ),
    _rule(
        "V-DET-03",
        "componentDetails.scenarios",
        _O,
        c.detail,
        "表1 详情.应用场景",
        Text(
            "应用场景必填，不超过250个字符，限中英文和数字（可含标点）",
            "Scenarios: required, at most 250 characters, Chinese, English, digits (punctuation allowed)",
        ),
        Text(
            "用不超过250个字符填写应用场景，去掉表情、尖括号等字符",
            "Give the scenarios in at most 250 characters, without emoji, angle brackets and the like",
        ),
        "V-DET-01",
    ),
    _rule(
        "V-DET-04",
        "componentDetails.advantages",
        _O,
        c.detail,
        "表1 详情.特色优势",
        Text(
            "特色优势必填，不超过250个字符，限中英文和数字（可含标点）",
            "Advantages: required, at most 250 characters, Chinese, English, digits (punctuation allowed)",
        ),
        Text(
            "用不超过250个字符填写特色优势，去掉表情、尖括号等字符",
            "Give the advantages in at most 250 characters, without emoji, angle brackets and the like",
        ),
        "V-DET-01",
    ),
    _rule(
        "V-DET-05",
        "componentDetails.faq",
        _O,
        c.detail,
        "表1 详情.常见问题",
        Text(
            "常见问题必填，不超过250个字符，限中英文和数字（可含标点）",
            "FAQ: required, at most 250 characters, Chinese, English, digits (punctuation allowed)",
        ),
        Text(
            "用不超过250个字符填写常见问题，去掉表情、尖括号等字符",
            "Give the questions in at most 250 characters, without emoji, angle brackets and the like",
        ),
        "V-DET-01",
    ),
    _rule(
        "V-DET-06",
        "componentDetails.resources",
        _L,
        c.reports_given,
        "表1 详情.相关资源; 8.2.1c",
        Text(
            "上架前应上传功能测试报告、安全测试报告、性能测试报告",
            "The functional, security and performance test reports are required before listing",
        ),
        Text(
            "上传缺少的测试报告附件",
            "Upload the missing test reports",
        ),
        "V-DET-01",
    ),
    _rule(
        "V-NET-01",
        "extension.networkZone",
        _L,
        c.network_zone,
        "8.1.2a",
        Text(
            "应声明组件部署的网络区域",
            "The network zone must be declared",
        ),
        Text(
            "选择“政务外网区”或“互联网区”",
            "Choose 政务外网区 (government extranet) or 互联网区 (internet zone)",
        ),
    ),
)
