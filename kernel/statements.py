"""Statements for the busiest paths: written in SQLAlchemy Core, compiled once, run by the driver itself.

Running a prebuilt Core statement costs SQLAlchemy some fifty microseconds, which is more than SQLite
needs for the work. Here the text and the conversions of the values are looked up instead of made anew;
the transaction stays the session's, and so do the types and the kinds of errors. On PostgreSQL what
belongs together is sent together (pipeline mode), so that a command waits once for all its writes.

Use it where a profile says so, and plain SQLAlchemy everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NoReturn

from sqlalchemy import Dialect, Select, String, UpdateBase
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from kernel.database import Instant

Row = Mapping[str, Any]
Convert = Callable[[Any], Any]
_CHANNEL: Final = "zujian_channel"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """One statement in the words of one driver, for one set of given values."""

    text: str
    binds: tuple[tuple[str, Convert | None], ...]
    fixed: Row
    is_positional: bool
    results: tuple[tuple[int, Convert], ...]

    def parameters(self, values: Row) -> Any:
        given = {**values, **self.fixed} if self.fixed else values
        if self.is_positional:
            return [convert(given[name]) if convert else given[name] for name, convert in self.binds]
        return {name: convert(given[name]) if convert else given[name] for name, convert in self.binds}

    def converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of the driver with values of ours."""
        values = list(row)
        for place, convert in self.results:
            values[place] = convert(values[place])
        return tuple(values)


class uuid_text(FunctionElement[str]):  # noqa: N801 - an SQL function, which are written small
    """The text of an id, as Python writes it: SQLite keeps ids as 32 digits without the dashes."""

    type = String()
    inherit_cache = True


@compiles(uuid_text)
def _cast_to_text(element: uuid_text, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS VARCHAR)"


@compiles(uuid_text, "sqlite")
def _insert_dashes(element: uuid_text, compiler: SQLCompiler, **options: Any) -> str:
    digits = compiler.process(element.clauses, **options)
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({digits}, {start}, {length})" for start, length in parts)


class json_rows(FunctionElement[str]):  # noqa: N801 - an SQL function, which are written small
    """All rows of a query in one value: JSON text, a list for each row, in no order."""

    type = String()
    inherit_cache = True


@compiles(json_rows)
def _aggregate(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **options)})) AS VARCHAR)"


@compiles(json_rows, "sqlite")
def _group(element: json_rows, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


class Statement:
    """A Core statement, compiled at its first use with each kind of database.

    Values are given by the names of columns and bind parameters; an INSERT or UPDATE sets the columns that
    the first row names.
    """

    def __init__(self, clause: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self._clause = clause
        self._prepared: dict[tuple[str, ...], _Prepared] = {}

    def prepared(self, dialect: Dialect, values: Row) -> _Prepared:
        """Return the statement as the driver takes it."""
        key = (dialect.name, *values)
        found = self._prepared.get(key)
        if found is None:
            found = self._prepared[key] = _prepare(self._clause, list(values), dialect)
        return found

    def first(self, session: Session, given: Row) -> tuple[Any, ...] | None:
        """Run a query and return its first row, if it has one."""
        return next(iter(self.all(session, given)), None)

    def all(self, session: Session, given: Row) -> list[tuple[Any, ...]]:
        """Run a query and return its rows."""
        channel = channel_of(session)
        prepared = self.prepared(channel.dialect, given)
        with channel.errors(prepared.text):
            cursor = channel.cursor()
            cursor.execute(prepared.text, prepared.parameters(given))
            rows = cursor.fetchall()
        return [prepared.converted(row) for row in rows]


def _prepare(clause: Any, keys: list[str], dialect: Dialect) -> _Prepared:
    is_query = isinstance(clause, Select)
    compiled: Any = clause.compile(dialect=dialect, column_keys=None if is_query else keys)
    names = list(compiled.positiontup) if compiled.positional else list(compiled.bind_names.values())
    converters = {name: _bind(compiled.binds[name].type, dialect) for name in names}
    fixed = _fixed(compiled, names)
    return _Prepared(
        text=str(compiled),
        # What the statement brings itself is converted once, here.
        binds=tuple((name, None if name in fixed else converters[name]) for name in names),
        fixed={
            name: convert(value) if (convert := converters[name]) else value for name, value in fixed.items()
        },
        is_positional=bool(compiled.positional),
        results=_results(clause.selected_columns if is_query else clause.exported_columns, dialect),
    )


def _results(columns: Iterable[Any], dialect: Dialect) -> tuple[tuple[int, Convert], ...]:
    """Return by place what makes values of the driver into ours, where they are not the same."""
    converters = enumerate(_result(column.type, dialect) for column in columns)
    return tuple((place, convert) for place, convert in converters if convert is not None)


def _fixed(compiled: Any, names: list[str]) -> dict[str, Any]:
    """Return the values that the statement brings itself: constants, and columns with a default."""
    fixed = {
        name: compiled.binds[name].effective_value for name in names if not compiled.binds[name].required
    }
    for column in compiled.insert_prefetch:
        if not column.default.is_scalar:
            raise ValueError(f"the column {column} has to be given")
        fixed[column.key] = column.default.arg
    return fixed


def _bind(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    convert = kind.dialect_impl(dialect).bind_processor(dialect)
    # One command writes the same moment into a dozen columns.
    return lru_cache(256)(convert) if convert is not None and isinstance(kind, Instant) else convert


def _result(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)


class Channel:
    """The driver's connection under the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self.dialect = self._connection.dialect
        # The driver's connection is untyped: each driver brings its own.
        self._driver: Any = self._connection.connection.driver_connection
        self.can_pipeline = self.dialect.driver == "psycopg"

    def cursor(self) -> Any:
        """Return a new cursor of the driver."""
        return self._driver.cursor()

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """Send what the block runs without waiting for each answer, where the driver can."""
        if not self.can_pipeline:
            yield
            return
        with self._driver.pipeline():
            yield

    @contextmanager
    def errors(self, text: str) -> Iterator[None]:
        """Raise the driver's errors as SQLAlchemy would, and give up a connection that is gone."""
        kind: Any = self.dialect.loaded_dbapi.Error
        try:
            yield
        except kind as error:
            if is_gone := self.dialect.is_disconnect(error, self._driver, None):
                self._connection.invalidate(error)
            raise DBAPIError.instance(
                text, None, error, kind, connection_invalidated=is_gone, dialect=self.dialect
            ) from error


def channel_of(session: Session) -> Channel:
    """Return the channel of the session's transaction."""
    found: Channel | None = session.info.get(_CHANNEL)
    if found is None:
        found = session.info[_CHANNEL] = Channel(session)
    return found


@dataclass(frozen=True, slots=True)
class Write:
    """One statement for one row or many.

    ``expected`` is how many rows must change; ``otherwise`` makes what is raised when it were others, or
    when a constraint refuses a row. ``then`` is told the row that a statement for one row returns, if any.
    """

    statement: Statement
    rows: Sequence[Row]
    expected: int | None = None
    otherwise: Callable[[], Exception] | None = None
    then: Callable[[tuple[Any, ...]], None] | None = None

    def run(self, channel: Channel, cursor: Any) -> None:
        """Hand the statement to the driver."""
        prepared = self.statement.prepared(channel.dialect, self.rows[0])
        if len(self.rows) == 1:
            cursor.execute(prepared.text, prepared.parameters(self.rows[0]))
        elif channel.can_pipeline:
            # The driver's executemany would close the pipeline after it and wait once more.
            for row in self.rows:
                cursor.execute(prepared.text, prepared.parameters(row))
        else:
            cursor.executemany(prepared.text, [prepared.parameters(row) for row in self.rows])

    def answer(self, cursor: Any) -> list[Any]:
        """Return the rows that the statement returned, in the driver's values.

        Raises:
            Exception: what ``otherwise`` makes, when it changed other rows than it had to.
        """
        # SQLite counts what a statement changed only when all that it returns has been fetched.
        rows = cursor.fetchall() if self.then is not None else []
        self.check(cursor)
        return rows

    def check(self, cursor: Any) -> None:
        """Raise unless the statement changed as many rows as it had to."""
        if self.expected is not None and self.otherwise is not None and cursor.rowcount != self.expected:
            raise self.otherwise()

    def tell(self, channel: Channel, rows: Sequence[Any]) -> None:
        """Hand on what the statement returned."""
        if self.then is not None and rows:
            self.then(self.statement.prepared(channel.dialect, self.rows[0]).converted(rows[0]))


class Batch:
    """Writes in their order, sent together."""

    def __init__(self) -> None:
        self._writes: list[Write] = []

    def add(
        self,
        statement: Statement,
        rows: Sequence[Row],
        expected: int | None = None,
        otherwise: Callable[[], Exception] | None = None,
        then: Callable[[tuple[Any, ...]], None] | None = None,
    ) -> None:
        """Add one statement, unless there is no row for it."""
        if rows:
            self._writes.append(Write(statement, rows, expected, otherwise, then))

    def send(self, session: Session) -> None:
        """Run the writes and forget them.

        Raises:
            Exception: what the first write that missed its rows, or broke a constraint, makes
                ``otherwise``.
        """
        writes, self._writes = self._writes, []
        if not writes:
            return
        channel = channel_of(session)
        running = [(write, channel.cursor()) for write in writes]
        answers: list[list[Any]] = []
        try:
            with channel.errors(f"a batch of {len(writes)} statements"), channel.pipeline():
                for write, cursor in running:
                    write.run(channel, cursor)
                    if not channel.can_pipeline:
                        answers.append(write.answer(cursor))
        except IntegrityError as error:
            _explain(running, error)
        if channel.can_pipeline:
            answers = [write.answer(cursor) for write, cursor in running]
        for write, answer in zip(writes, answers, strict=True):
            write.tell(channel, answer)


def _explain(running: Sequence[tuple[Write, Any]], error: IntegrityError) -> NoReturn:
    """Raise what the first write that went wrong has to say of it.

    In a pipeline the constraint may have been broken by a write that should not have been tried at all,
    because one before it had missed its row.
    """
    for write, cursor in running:
        if cursor.rowcount < 0:
            raise (write.otherwise() if write.otherwise else error) from error
        write.check(cursor)
    raise error
