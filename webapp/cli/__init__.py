"""The command line: start, prepare, import, verify, demonstrate.

``zujian --help`` lists the commands. Each is a thin edge: it opens the platform, calls one service in
one transaction and says the result in the language of the terminal. Start reading at ``main``.
"""

from __future__ import annotations

from webapp.cli.audit import audit
from webapp.cli.check import check
from webapp.cli.data import deploy, import_file, init, migrate, seed
from webapp.cli.demo import demo
from webapp.cli.group import CommandGroup
from webapp.cli.language import in_terminal
from webapp.cli.migrating import migrate_instances
from webapp.cli.serve import run
from webapp.cli.use import calls_file, orders_file
from webapp.cli.vulnerabilities import vulnerabilities
from webapp.cli.workers import dispatch_jobs, worker

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    run,
    worker,
    dispatch_jobs,
    init,
    migrate,
    deploy,
    migrate_instances,
    seed,
    import_file,
    orders_file,
    calls_file,
    demo,
    check,
    vulnerabilities,
    audit,
)

main = CommandGroup(
    name="zujian",
    help=in_terminal(
        "组件全生命周期管理平台。设置以 ZUJIAN_ 环境变量给出，见 docs/reference/settings.md。",
        "The life of a city's common components. Settings are ZUJIAN_ variables: docs/reference/settings.md.",
    ),
)
for command in COMMANDS:
    main.add_command(command)
