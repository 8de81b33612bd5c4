"""The demo from curtain to curtain: import, drive every component, try the invalid one, verify the trail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.catalogue.service import ImportReport
from kernel.audit import verification
from kernel.language import Text
from webapp.cli.language import terminal_language
from webapp.cli.samples import sample_token
from webapp.demo.answers import RETURNED_ONCE
from webapp.demo.closing_table import Result, closing_table
from webapp.demo.driver import Driver
from webapp.demo.stage import import_at, import_invalid, sample_cast, set_stage
from webapp.wiring import Platform


def run(
    database_url: str | None = None,
    *,
    only: Sequence[str] = (),
    language: str | None = None,
    console: Console | None = None,
) -> int:
    """Show everything and return the exit code: 0 when all went as it should, else 1.

    ``only`` limits the components by name; ``database_url`` names a database to use and keep.
    """
    speak = language or terminal_language()
    show = _Showing(console or Console(), speak)
    with set_stage(database_url) as (platform, port):
        return show.play(platform, port, only)


class _Showing:
    """Prints what happens in one language and collects what was not as it should be."""

    def __init__(self, console: Console, language: str) -> None:
        self.console = console
        self.language = language
        self.unexpected: list[Text] = []

    def play(self, platform: Platform, port: int, only: Sequence[str]) -> int:
        """Play all acts and return the exit code."""
        cast = sample_cast(platform)
        records, report = import_at(platform, cast, port)
        self._imported(report)
        wanted = {row.name: row.version_id for row in report.rows if not only or row.name in only}
        results = []
        with self._progress() as progress:
            task = progress.add_task("", total=len(wanted))

            def say(text: Text) -> None:
                progress.update(task, description=text.in_(self.language))

            driver = Driver(platform, cast, say, token=sample_token(platform.settings.data_dir))
            for version_id in wanted.values():
                if version_id is not None:
                    results.append(driver.drive(version_id))
                progress.advance(task)
            progress.update(task, description=self._in("完成", "done"))
        self.console.print(closing_table(results, self.language))
        self.unexpected += _deviations(records, results)
        self._refuse_invalid(import_invalid(platform, cast))
        self._verify(platform)
        return self._close()

    def _imported(self, report: ImportReport) -> None:
        created, kept = report.count("created"), report.count("unchanged")
        self._say(
            Text(
                f"已导入 {created} 个示例组件，{kept} 个已存在",
                f"{created} sample components imported, {kept} known",
            )
        )
        for row in report.rows:
            if not row.accepted:
                broken = ", ".join(breach.rule_id for breach in row.breaches)
                self.unexpected.append(
                    Text(f"{row.name} 未能导入：{broken}", f"{row.name} was not imported: {broken}")
                )

    def _progress(self) -> Progress:
        return Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
            console=self.console,
        )

    def _refuse_invalid(self, report: ImportReport) -> None:
        row = report.rows[0]
        if row.accepted:
            self.unexpected.append(Text("有误的记录竟被导入", "The invalid record was imported"))
            return
        count = len(row.breaches)
        self._say(
            Text(
                f"有误的记录“{row.name}”被拒绝，共 {count} 条原因：",
                f"The invalid record “{row.name}” is refused for {count} reasons:",
            )
        )
        for breach in row.breaches:
            message, mend = breach.message.in_(self.language), breach.mend.in_(self.language)
            self.console.print(f"  {breach.rule_id} {breach.path}: {message} → {mend}", markup=False)

    def _verify(self, platform: Platform) -> None:
        with platform.database.read() as session:
            found = verification.verify(session)
        events, streams = found.checked_events, found.checked_streams
        if found.ok:
            self._say(
                Text(
                    f"审计链校验通过：{streams} 条链，{events} 条记录",
                    f"The audit trail is whole: {events} events in {streams} chains",
                )
            )
        else:
            self.unexpected.append(Text("审计链校验未通过", "The audit trail is broken"))

    def _close(self) -> int:
        for text in self.unexpected:
            self.console.print(text.in_(self.language), style="bold red", markup=False)
        return 1 if self.unexpected else 0

    def _say(self, text: Text) -> None:
        self.console.print(text.in_(self.language), markup=False)

    def _in(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)


def _deviations(records: Sequence[Mapping[str, Any]], results: Sequence[Result]) -> Iterator[Text]:
    """Yield what differs from what the samples should show.

    Every kind reaches the market, one component after exactly one round of rework; what comes from outside
    stops where its assessment has to be examined.
    """
    by_name = {record["name"]: record for record in records}
    for result in results:
        record = by_name[result.component]
        # What comes from outside is assessed before it is admitted.
        admitted = record.get("extension", {}).get("buildMode") != "外部引入"
        expected = "published" if admitted else "stopped"
        rounds = 1 if result.component == RETURNED_ONCE and expected == "published" else 0
        if result.kind != expected or result.rework_rounds != rounds:
            yield Text(
                f"{result.component}：与预期不符（{result.outcome.zh}，整改 {result.rework_rounds} 轮）",
                f"{result.component} is not as expected: {result.outcome.en}, rework {result.rework_rounds}",
            )
