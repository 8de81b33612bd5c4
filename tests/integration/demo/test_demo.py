"""A short demo of one component of each kind, the four ways out among them, and what is left to look at."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from kernel.errors import Conflict
from kernel.settings import Settings
from tests.integration.webapp.browser import Visitor
from webapp import create_app
from webapp.demo.showing import run
from webapp.wiring import build_platform

# One of each kind, and what becomes of it; the first comes from outside and is admitted before.
FATES = {
    "统一视频会商": ("Other", "Published", "—", "On time"),
    "城市地图服务": ("Hosted API", "Delisted", "Idle delisting", "On time"),
    "统一网络资源服务": ("Unhosted API", "Delisted", "Forced delisting", "On time"),
    "自然语言处理": ("Model", "Delisted", "Voluntary delisting", "On time"),
    "企业信用数据服务": ("Data service", "Delisted", "Compliance delisting", "On time"),
    "政策咨询智能体": ("Agent", "Published", "—", "Late"),
}
ROW = re.compile(r"\d+ / \d+ / \d+ .* s\s*$")


@dataclass(frozen=True)
class Shown:
    """What the demo printed, how it ended, and where it kept everything."""

    code: int
    screen: str
    folder: Path

    @property
    def table(self) -> dict[str, list[str]]:
        """Return the cells of the closing table by component."""
        lines = [re.split(r"\s{2,}", line.strip()) for line in self.screen.splitlines() if ROW.search(line)]
        return {cells[0].partition(" ")[0]: cells[1:] for cells in lines}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Run the demo into a wide, colourless terminal."""
    folder, screen = tmp_path_factory.mktemp("demo") / "data", io.StringIO()
    code = run(data_dir=folder, only=tuple(FATES), language="en", console=Console(file=screen, width=240))
    return Shown(code, screen.getvalue(), folder)


@pytest.mark.slow
def test_every_kind_reaches_the_market_and_four_leave_it_each_by_its_way(shown: Shown) -> None:
    assert shown.code == 0, shown.screen
    assert set(shown.table) == set(FATES)
    for name, (kind, state, left, plan) in FATES.items():
        cells = shown.table[name]
        assert (cells[0], cells[1], cells[3]) == (kind, state, plan)
        assert cells[2].startswith(left)
        platform, stated, not_checked = map(int, cells[6].split(" / "))
        assert platform >= 8
        assert stated >= 1
        assert not_checked <= 2
    assert re.search(r"invalid record .* is refused for \d\d reasons", shown.screen)
    assert "V-NAME-01 name: The name is required" in shown.screen
    assert "The audit trail is whole" in shown.screen


@pytest.mark.slow
def test_everything_can_be_looked_at_afterwards(shown: Shown) -> None:
    assert f"ZUJIAN_DATA_DIR={shown.folder}" in shown.screen
    settings = Settings.from_environment({"ZUJIAN_DATA_DIR": str(shown.folder)})
    lines = (shown.folder / "sample-people.txt").read_text(encoding="utf-8").splitlines()
    passwords = {user: password for _roles, user, password in (line.split("\t") for line in lines)}
    platform = build_platform(settings)
    app = create_app(settings, platform)
    visitor = Visitor(app.test_client())

    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"user_name": "yunying1", "password": passwords["yunying1"]})

    assert answer.status_code == 303
    delistings = visitor.get("/delistings").get_data(as_text=True)
    assert all(name in delistings for name, fate in FATES.items() if fate[1] == "Delisted")
    assert "政策咨询智能体" in visitor.get("/plans").get_data(as_text=True)
    assert "政策咨询智能体" in visitor.get("/market").get_data(as_text=True)
    platform.close()


@pytest.mark.slow
def test_a_directory_that_is_in_use_is_refused(shown: Shown) -> None:
    with pytest.raises(Conflict, match="holds data already"):
        run(data_dir=shown.folder, only=tuple(FATES), console=Console(file=io.StringIO()))
