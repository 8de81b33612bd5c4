"""The market's pages: what is published, found and shown."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from domain.catalogue.models import ComponentVersion
from domain.market import service
from kernel.actor import system_actor
from tests.integration.webapp.catalogue_desk import CatalogueDesk


def publish(desk: CatalogueDesk, name: str) -> UUID:
    """Publish a sample component without the way there, and return its entry."""
    version_id = desk.version_id(name)
    with desk.platform.database.write() as session:
        listed = update(ComponentVersion).where(ComponentVersion.id == version_id).values(state="LISTED")
        session.execute(listed)
        return service.publish(session, system_actor(), version_id).market_index_id


def test_a_published_component_is_on_the_shelf(catalogue_desk: CatalogueDesk) -> None:
    publish(catalogue_desk, "城市地图服务")

    answer = catalogue_desk.visitor("shiyong").get("/market")

    assert "城市地图服务" in answer.text
    assert "统一认证中心" not in answer.text


def test_the_shelf_is_searched_by_name_layer_class_and_form(catalogue_desk: CatalogueDesk) -> None:
    publish(catalogue_desk, "城市地图服务")
    publish(catalogue_desk, "政策咨询智能体")
    visitor = catalogue_desk.visitor("shiyong")

    for query in ("text=地图", "layer=能力层", "capability=基础支撑", "form=1"):
        answer = visitor.get(f"/market?{query}")
        assert "城市地图服务" in answer.text, query
        assert "政策咨询智能体" not in answer.text, query


def test_an_entry_shows_table_1_without_inner_addresses(catalogue_desk: CatalogueDesk) -> None:
    entry_id = publish(catalogue_desk, "城市地图服务")

    answer = catalogue_desk.visitor("shiyong").get(f"/market/{entry_id}")

    assert "公开路径" in answer.text
    assert "核心功能" in answer.text
    assert "转发路径" not in answer.text
    assert "服务地址" not in answer.text
    assert "目标服务器" not in answer.text


def test_an_entry_that_was_taken_back_is_gone(catalogue_desk: CatalogueDesk) -> None:
    entry_id = publish(catalogue_desk, "城市地图服务")
    with catalogue_desk.platform.database.write() as session:
        service.unpublish(session, system_actor(), catalogue_desk.version_id("城市地图服务"), "测试")
    visitor = catalogue_desk.visitor("shiyong")

    assert visitor.get(f"/market/{entry_id}").status_code == 404
    assert "市场里还没有组件" in visitor.get("/market").text
