"""What can go wrong with orders."""

from domain.orders.states import STATE_TEXT, OrderState
from kernel.errors import Conflict, NotFound
from kernel.language import Text


class OrderNotFound(NotFound):
    """No such order, or not visible to the actor."""

    def __init__(self) -> None:
        super().__init__(Text("没有该订单，或您无权查看", "No such order, or you may not see it"))


class OrderCannotBecome(Conflict):
    """The table of order states knows no such step."""

    def __init__(self, found: OrderState, wanted: OrderState) -> None:
        super().__init__(
            Text(
                f"“{STATE_TEXT[found].zh}”的订单不能变为“{STATE_TEXT[wanted].zh}”",
                f"An order that is “{STATE_TEXT[found].en}” cannot become “{STATE_TEXT[wanted].en}”",
            )
        )


class NewOrdersClosed(Conflict):
    """The version takes no new orders."""

    def __init__(self, why: Text) -> None:
        super().__init__(
            Text(f"该组件版本不受理新申请：{why.zh}", f"The version takes no new orders: {why.en}")
        )
