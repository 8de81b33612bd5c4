"""The whole demo: every sample, the invalid record, and the trail at the end."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from kernel.audit import verification
from kernel.database import Database
from webapp.cli import main
from webapp.demo.showing import run

ROW = re.compile(r"\d+ / \d+ / \d+ .* s\s*$")


# One of each kind: hosted interface, unhosted one, model, data service, agent.
KINDS = ("电子证照", "统一网络资源服务", "自然语言处理", "企业信用数据服务", "政策咨询智能体")
FROM_OUTSIDE = "统一融合调度"


def shown(language: str, **options: object) -> tuple[int, str]:
    """Run the demo into a wide, colourless terminal."""
    screen = io.StringIO()
    code = run(language=language, console=Console(file=screen, width=200), **options)  # type: ignore[arg-type]
    return code, screen.getvalue()


@pytest.mark.slow
def test_every_kind_reaches_the_market_by_its_own_way() -> None:
    code, screen = shown("en", only=(*KINDS, FROM_OUTSIDE))

    lines = [re.split(r"\s{2,}", line.strip()) for line in screen.splitlines() if ROW.search(line)]
    table = {cells[0].partition(" ")[0]: cells[1:] for cells in lines}
    outcomes = {name: cells[3] for name, cells in table.items()}
    assert code == 0, screen
    assert outcomes == {
        **dict.fromkeys(KINDS, "Published"),
        FROM_OUTSIDE: "The assessment waits to be examined",
    }
    for name in KINDS:
        steps, rework, checks = table[name][:3]
        platform, stated, not_checked = map(int, checks.split(" / "))
        assert (int(rework), not_checked <= 2) == (0, True)
        assert int(steps) > 30
        assert platform >= 8
        assert stated >= 4
    assert re.search(r"invalid record .* is refused for \d\d reasons", screen)
    assert "V-NAME-01 name: The name is required" in screen
    assert "The audit trail is whole" in screen


def test_named_database_is_kept_and_can_be_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUJIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ZUJIAN_SECRET_KEY", "a secret for tests and for nothing else")
    address = f"sqlite:///{tmp_path / 'kept.sqlite3'}"
    command = ["demo", "--database", address, "--only", "统一网络资源服务"]

    first = CliRunner().invoke(main, command)

    assert first.exit_code == 0, first.output
    database = Database(address)
    with database.read() as session:
        assert verification.verify(session).ok
    database.dispose()
