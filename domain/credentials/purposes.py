"""What a credential is for."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kernel.language import Text

AGENT_INITIAL: Final = "agent.initial"
DATA_SOURCE: Final = "data.source"
ORDER_ACCESS: Final = "order.access"
TEST_ACCESS: Final = "test.access"

PURPOSE_TEXT: Final[Mapping[str, Text]] = MappingProxyType(
    {
        AGENT_INITIAL: Text("智能体初始访问凭证", "Initial credential of an agent"),
        DATA_SOURCE: Text("数据源口令", "Password of a data source"),
        ORDER_ACCESS: Text("订单访问凭证", "Credential of an order"),
        TEST_ACCESS: Text("联调测试凭证", "Credential for tests"),
    }
)
