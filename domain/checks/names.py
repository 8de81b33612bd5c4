"""The checks by name, and who may state the result of those that people do.

The guards of the state machine read the latest run of these names in the current round.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from domain.people.permissions import OPERATOR, REVIEWER
from kernel.language import Text

BASICS: Final = "basics"
DUPLICATE_REVIEW: Final = "duplicate_review"
PREPARATION: Final = "preparation"
SELF_CHECKS: Final = "self_checks"
NETWORK: Final = "network"
PREREGISTRATION: Final = "preregistration"
API_RISK: Final = "api_risk"
SECURITY_ASSESSMENT: Final = "security_assessment"
OPERATOR_TESTS: Final = "operator_tests"
ONBOARDING_REVIEW: Final = "onboarding_review"
INFORMATION_VERIFIED: Final = "information_verified"
ROUTE_REGISTRATION: Final = "route_registration"
LISTING: Final = "listing"
VULNERABILITY_REMATCH: Final = "vulnerability_rematch"
AGENT_ACCESS: Final = "agent.access"
COMPATIBILITY: Final = "openapi.compatible"
OFFLINE_TEST: Final = "recovery_offline_test"
TRIAL_RUN: Final = "recovery_trial_run"
EVALUATION: Final = "recovery_evaluation"
# What a mended component must have passed before it comes back.
RECOVERY: Final = (OFFLINE_TEST, TRIAL_RUN, EVALUATION)
ARTEFACT_INSPECTION: Final = "artefact.inspect"
DEPLOYMENT: Final = "deployment.deploy"
DEPLOYMENT_SAMPLE: Final = "deployment.sample"
PRODUCTION_DEPLOYMENT: Final = "deployment.production"
AGENT_CONTRACT: Final = "agent.contract"
AGENT_CONTROLS: Final = "agent.controls"
MODEL_LOAD: Final = "model.load"
MODEL_CONTRACT: Final = "model.contract"
MODEL_PERFORMANCE: Final = "model.performance"
DATA_CONNECTION: Final = "data.connection"
DATA_CONTRACT: Final = "data.contract"
DATA_MASKING: Final = "data.masking"
CHANGE_MONITORING: Final = "change_monitoring"
AGENT_SAFETY: Final = "agent.safety"
DATA_GRADES: Final = "data.grades"
HEALTH_EXEMPTION: Final = "health_exemption"

CHECK_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        BASICS: Text("基本信息校验", "Basic data"),
        HEALTH_EXEMPTION: Text("健康检查豁免", "Exemption from the health check"),
        DUPLICATE_REVIEW: Text("重复建设与使用要求审查", "Review of duplication and use requirement"),
        PREPARATION: Text("接入准备材料校验", "Preparation material"),
        NETWORK: Text("网络声明与连通", "Network declaration and reachability"),
        PREREGISTRATION: Text("预发布注册", "Pre-release registration"),
        API_RISK: Text("API风险检测", "API risk check"),
        SECURITY_ASSESSMENT: Text("安全评估", "Security assessment"),
        OPERATOR_TESTS: Text("功能、性能、安全测试", "Functional, performance and security tests"),
        ONBOARDING_REVIEW: Text("接入审核", "Onboarding review"),
        INFORMATION_VERIFIED: Text("接入信息核验", "Verification of the declared data"),
        ROUTE_REGISTRATION: Text("API注册与路由", "API registration and routing"),
        VULNERABILITY_REMATCH: Text("新漏洞数据复核", "Matching against new vulnerability data"),
        LISTING: Text("上架资格检查", "Eligibility for listing"),
        OFFLINE_TEST: Text("线下测试验证", "Offline test of the mended component"),
        TRIAL_RUN: Text("线上预运行", "Online trial run of the mended component"),
        EVALUATION: Text("预运行评估", "Evaluation of the trial run"),
        CHANGE_MONITORING: Text("变更后监控", "Monitoring after a change"),
        # The parts of these, each with a run of its own.
        "table_1": Text("表1字段规则", "Rules of Table 1"),
        SELF_CHECKS: Text("自检声明", "Self-checks as declared"),
        "attachments": Text("附件", "Attachments"),
        "openapi.paths": Text("接口文档覆盖登记路径", "Document covers the registered paths"),
        "openapi": Text("OpenAPI接口文档", "OpenAPI document"),
        COMPATIBILITY: Text("与上一版本的接口兼容性", "Compatibility with the version before"),
        "network.declaration": Text("网络声明", "Network declaration"),
        "network.reachability": Text("连通性", "Reachability"),
        "health": Text("健康检查接口", "Health endpoint"),
        "gateway.deployed": Text("准入环境的部署", "Deployment before the release"),
        "gateway.routes": Text("路由冲突", "Route conflicts"),
        "api_risk.declared": Text("API声明的风险", "API risks as declared"),
        "data_documents": Text("服务目录与调用文档", "Service catalogue and call documents"),
        "earlier_checks": Text("既有检查结论", "Results of earlier checks"),
        AGENT_ACCESS: Text("智能体访问信息", "Access data of the agent"),
        # The steps of the onboarding variants.
        ARTEFACT_INSPECTION: Text("制品检测", "Inspection of the artefact"),
        "artefact.malware": Text("制品格式与恶意代码", "Form of the artefact, malware"),
        "artefact.secrets": Text("制品密钥与敏感信息", "Secrets in the artefact"),
        "artefact.composition": Text("制品成分", "Composition of the artefact"),
        DEPLOYMENT: Text("准入环境部署", "Deployment to the admission environment"),
        DEPLOYMENT_SAMPLE: Text("健康、日志与指标采样", "Samples of health, logs and metrics"),
        PRODUCTION_DEPLOYMENT: Text("生产部署", "Deployment to production"),
        AGENT_CONTRACT: Text("智能体交互接口契约测试", "Contract test of the agent interface"),
        AGENT_CONTROLS: Text("智能体认证、停止与留痕", "Authentication, stop and trace of the agent"),
        MODEL_LOAD: Text("模型部署、加载与初始验证", "Model deployed, loaded and verified"),
        MODEL_CONTRACT: Text("模型接口契约测试", "Contract test of the model interface"),
        MODEL_PERFORMANCE: Text("模型性能复测", "Performance of the model measured again"),
        DATA_CONNECTION: Text("数据源连接与最小权限", "Connection of the data source, least privilege"),
        DATA_CONTRACT: Text("数据服务契约测试", "Contract test of the data service"),
        DATA_MASKING: Text("敏感字段与脱敏抽样", "Sensitive fields and masking by sample"),
        AGENT_SAFETY: Text(
            "智能体越权、提示注入与内容安全", "Overreach, injection and content safety of the agent"
        ),
        DATA_GRADES: Text("数据分级与授权策略审核", "Review of data grades and access policies"),
        # What these look at.
        "runtime.health": Text("健康检查反映依赖", "Health tells of dependencies"),
        "runtime.logs": Text("结构化日志", "Structured logs"),
        "runtime.metrics": Text("监控指标", "Metrics"),
        "runtime.configuration": Text("配置注入", "Injected configuration"),
    }
)

# Nobody's word lets these pass: what did not run and has no accepted report counts as not passed. Cases
# begun on older diagrams still state them; a statement that one failed counts.
NOT_PASSED_BY_WORD: Final = frozenset({SECURITY_ASSESSMENT})

# What a person states, and the role that may: the platform has not looked itself.
STATEMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        DUPLICATE_REVIEW: REVIEWER,
        SECURITY_ASSESSMENT: OPERATOR,
        OPERATOR_TESTS: OPERATOR,
        ONBOARDING_REVIEW: REVIEWER,
        INFORMATION_VERIFIED: OPERATOR,
        AGENT_SAFETY: OPERATOR,
        DATA_GRADES: REVIEWER,
        OFFLINE_TEST: OPERATOR,
        TRIAL_RUN: OPERATOR,
        EVALUATION: OPERATOR,
        CHANGE_MONITORING: OPERATOR,
    }
)
