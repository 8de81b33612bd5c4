"""The demo from curtain to curtain: import, drive every component, let time pass, verify the trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.catalogue.service import ImportReport
from domain.samples.components import sample_records
from kernel.audit import verification
from kernel.clock import use_clock
from kernel.errors import Rejected
from kernel.language import Text
from webapp.cli.language import terminal_language
from webapp.cli.samples import sample_token
from webapp.demo.closing_table import Result, closing_table, tools_table
from webapp.demo.driver import Driver
from webapp.demo.ending import renew_passwords
from webapp.demo.expected import deviations
from webapp.demo.findings import Fate, fate_of, tool_runs
from webapp.demo.stage import import_at, import_invalid, sample_cast, set_stage
from webapp.demo.story import LENGTH, Story, is_told_of
from webapp.demo.story_clock import StoryClock
from webapp.demo.vulnerability_data import import_sample_advisories
from webapp.wiring import Platform

# Measured on two cores; what the reader is told beforehand.
SECONDS_BEFORE, SECONDS_EACH, SECONDS_OF_STORY = 20, 15, 60


def run(
    database_url: str | None = None,
    *,
    data_dir: Path | None = None,
    only: Sequence[str] = (),
    language: str | None = None,
    console: Console | None = None,
) -> int:
    """Show everything and return the exit code: 0 when all went as it should, else 1.

    ``only`` limits the components by name; ``data_dir`` is kept and can be served afterwards, and so is an
    empty database that ``database_url`` names.
    """
    speak = language or terminal_language()
    names = dict.fromkeys(record["name"] for record in sample_records() if not only or record["name"] in only)
    clock = StoryClock(LENGTH if is_told_of(names) else timedelta(0))
    show = _Showing(console or Console(), speak, clock)
    show.say_how_long(len(names))
    with use_clock(clock), set_stage(database_url, data_dir) as (platform, port):
        code = show.play(platform, port, names)
        if data_dir is not None:
            renew_passwords(platform)
            show.say_how_to_serve(platform, database_url)
        return code


class _Showing:
    """Prints what happens in one language and collects what was not as it should be."""

    def __init__(self, console: Console, language: str, clock: StoryClock) -> None:
        self.console = console
        self.language = language
        self.clock = clock
        self.unexpected: list[Text] = []

    def play(self, platform: Platform, port: int, names: Mapping[str, object]) -> int:
        """Play all acts and return the exit code."""
        cast = sample_cast(platform)
        advisories = import_sample_advisories(platform)
        _records, report = import_at(platform, cast, port)
        self._imported(report, advisories)
        versions = {row.name: row.version_id for row in report.rows if row.name in names and row.version_id}
        driver = Driver(platform, cast, lambda text: None, token=sample_token(platform.settings.data_dir))
        story = Story(driver, self.clock, versions)
        with self._progress() as progress:
            results = self._drive(progress, driver, story, versions)
            if self.clock.left:
                self._let_time_pass(progress, driver, story)
        self._tell(platform, results, versions)
        self._refuse_invalid(import_invalid(platform, cast))
        self._verify(platform)
        return self._close()

    def _drive(
        self, progress: Progress, driver: Driver, story: Story, versions: Mapping[str, UUID]
    ) -> list[Result]:
        """Take the components to the market, one after the other."""
        task = progress.add_task("", total=len(versions))
        story.prepare()
        results = []
        for name, version_id in versions.items():
            driver.say = lambda text, name=name: progress.update(  # type: ignore[misc]  # mypy cannot infer a default
                task, description=f"{name} · {text.in_(self.language)}"
            )
            try:
                results.append(driver.drive(version_id))
            except Rejected as refusal:
                self.unexpected.append(Text(f"{name}：{refusal.message.zh}", f"{name}: {refusal.message.en}"))
            progress.advance(task)
        progress.update(task, description=self._in("已走完接入", "onboarded"))
        return results

    def _let_time_pass(self, progress: Progress, driver: Driver, story: Story) -> None:
        """Let the months pass in which components are used and leave the market."""
        total = self.clock.left
        task = progress.add_task("", total=total.days)

        def tell(text: Text) -> None:
            day = f"{self.clock.now():%Y-%m-%d}"
            done = (total - self.clock.left).days
            progress.update(task, completed=done, description=f"{day} · {text.in_(self.language)}")

        driver.say = tell
        self.unexpected += story.play(tell)
        progress.update(task, completed=total.days, description=self._in("已到今天", "today"))

    def _tell(
        self,
        platform: Platform,
        results: Sequence[Result],
        versions: Mapping[str, UUID],
    ) -> None:
        """Print the tables and note what differs from what the samples should show."""
        with platform.database.read() as session:
            fates: list[Fate] = [fate_of(session, versions[result.component]) for result in results]
            tools = tool_runs(session, versions.values())
        told = list(zip(results, fates, strict=True))
        self.console.print(closing_table(told, self.language))
        if tools:
            self.console.print(tools_table(tools, self.language))
        self.unexpected += deviations(told)

    def _imported(self, report: ImportReport, advisories: int) -> None:
        created = report.count("created")
        self._say(
            Text(
                f"已导入 {created} 个示例组件；漏洞数据为示例（{advisories} 条），不能代替真实数据集",
                f"{created} sample components imported; "
                f"the vulnerability data is a sample ({advisories} records), no substitute for a real one",
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
            BarColumn(bar_width=20),
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
        first = row.breaches[0]
        message, mend = first.message.in_(self.language), first.mend.in_(self.language)
        self._say(
            Text(
                f"有误的记录“{row.name}”被拒绝，共 {count} 条原因，例如：",
                f"The invalid record “{row.name}” is refused for {count} reasons, for example:",
            )
        )
        self.console.print(f"  {first.rule_id} {first.path}: {message} → {mend}", markup=False)

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

    def say_how_long(self, components: int) -> None:
        """Say beforehand how long it takes: the scans are real."""
        seconds = SECONDS_BEFORE + components * SECONDS_EACH + (SECONDS_OF_STORY if self.clock.left else 0)
        minutes = -(-seconds // 60)
        self._say(
            Text(
                f"检测为真实运行，{components} 个组件在双核机器上约需 {minutes} 分钟。正在准备数据库和流程…",
                f"The checks are real: {components} components take about {minutes} min on 2 cores. "
                "Preparing database and processes…",
            )
        )

    def say_how_to_serve(self, platform: Platform, database_url: str | None) -> None:
        """Say where everything lies now, and how to look at it in the browser."""
        settings = platform.settings
        given = [f"ZUJIAN_DATA_DIR={settings.data_dir}"]
        given += [f"ZUJIAN_DATABASE_URL={database_url}"] if database_url else []
        given.append(f"ZUJIAN_SAMPLE_SERVICES_PORT={settings.sample_services_port}")
        self._say(Text("在浏览器中查看：", "To look at everything in the browser:"))
        self.console.print(f"  {' '.join(given)} zujian run --samples", soft_wrap=True, markup=False)
        self._say(
            Text(
                f"用户名和密码见 {settings.data_dir / 'sample-people.txt'}；不再需要时删除该目录",
                f"User names and passwords: {settings.data_dir / 'sample-people.txt'}; "
                "remove the directory when done",
            )
        )

    def _close(self) -> int:
        for text in self.unexpected:
            self.console.print(text.in_(self.language), style="bold red", markup=False)
        return 1 if self.unexpected else 0

    def _say(self, text: Text) -> None:
        self.console.print(text.in_(self.language), markup=False, soft_wrap=True)

    def _in(self, zh: str, en: str) -> str:
        return Text(zh, en).in_(self.language)
