# Copyright: (c) 2026, lambdafs.cluster developers
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the statements of a migration do to the shape of a database, worked out without a server.

Knows the part of MySQL's grammar that the scripts use. A statement beyond it is refused, so that no script can hold
something whose effect is unknown: a run that was cut off is continued by comparing shapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ansible_collections.lambdafs.cluster.plugins.module_utils.ndb_schema_shape import (
    PRIMARY,
    Column,
    ForeignKey,
    Index,
    Shapes,
    Table,
    normal_type,
)

TOKEN = re.compile(
    r"\s+|/\*!\d*|\*/|(?P<quoted>`[^`]+`)|(?P<string>'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\")"
    r"|(?P<hex>0x[0-9a-fA-F]+)|(?P<bits>[bB]'[01]+')|(?P<number>-?\d+(?:\.\d+)?)(?![A-Za-z_])"
    r"|(?P<word>[A-Za-z_$][\w$]*|\d+[A-Za-z]\w*)|(?P<sign>[(),=.;])"
)
COLLATIONS = {"latin1": "latin1_swedish_ci", "utf8mb4": "utf8mb4_0900_ai_ci"}
TEXT_TYPES = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set")
BINARY_TYPES = ("binary", "varbinary")
DATA_TABLE = re.compile(r"\w+(?:\s+IGNORE)?(?:\s+(?:INTO|FROM))?\s+`?(?P<table>\w+)", re.IGNORECASE)
DATA = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class UnknownStatement(ValueError):
    """A statement whose effect on the schema this collection cannot tell."""


@dataclass(frozen=True)
class Statement:
    """One statement of a script.

    Attributes:
        sql: its text.
        verb: what it does: create, alter, rename, drop, truncate, data, logfile_group or tablespace.
        names: the tables (or the disk object) that it works on.
        apply: the shapes after it, from those before it.
    """

    sql: str
    verb: str
    names: tuple[str, ...]
    apply: Callable[[Shapes], Shapes]

    @property
    def loses_rows(self) -> bool:
        """Whether rows of its tables are gone afterwards."""
        return self.verb in ("drop", "truncate")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def _tokens(sql: str) -> Iterator[_Token]:
    at = 0
    while at < len(sql):
        found = TOKEN.match(sql, at)
        if found is None:
            raise UnknownStatement(f"{sql[at : at + 40]!r} is not understood")
        at = found.end()
        if found.lastgroup is not None:
            yield _Token(found.lastgroup, found[0])


def _unquoted(text: str) -> str:
    quote = text[0]
    return re.sub(r"\\(.)", r"\1", text[1:-1].replace(quote * 2, quote))


class _Parser:
    """A statement's tokens, read from left to right."""

    def __init__(self, sql: str) -> None:
        self._tokens = list(_tokens(sql))
        self._at = 0

    def done(self) -> bool:
        return self._at >= len(self._tokens)

    def peek(self, *words: str) -> bool:
        """Whether these words or signs are next."""
        ahead = self._tokens[self._at : self._at + len(words)]
        return [token.text.upper() for token in ahead if token.kind in ("word", "sign")] == list(words)

    def take(self, *words: str) -> bool:
        """Read these words or signs if they are next."""
        if not self.peek(*words):
            return False
        self._at += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise UnknownStatement(f"{self._rest()!r} is not understood, expected {' '.join(words)}")

    def next(self, *kinds: str) -> _Token:
        if self.done() or self._tokens[self._at].kind not in kinds:
            raise UnknownStatement(f"{self._rest()!r} is not understood, expected {' or '.join(kinds)}")
        self._at += 1
        return self._tokens[self._at - 1]

    def is_next(self, *kinds: str) -> bool:
        return not self.done() and self._tokens[self._at].kind in kinds

    def _rest(self) -> str:
        return " ".join(token.text for token in self._tokens[self._at : self._at + 8])

    def name(self) -> str:
        token = self.next("quoted", "word")
        return _unquoted(token.text) if token.kind == "quoted" else token.text

    def names(self) -> tuple[str, ...]:
        """Column names in parentheses."""
        self.expect("(")
        found = []
        while not self.take(")"):
            found.append(self.name())
            self.take("ASC")
            self.take(",")
        return tuple(found)

    def literal(self) -> _Token:
        return self.next("string", "number", "hex", "bits", "word")


@dataclass
class _Draft:
    """A table while it is being described or altered."""

    columns: list[Column]
    indexes: dict[str, Index]
    foreign_keys: dict[str, ForeignKey]
    partition: tuple[str, ...] = ()
    engine: str = "ndbcluster"
    collation: str = ""
    comment: str = ""
    disk: bool = False

    @classmethod
    def of(cls, table: Table) -> _Draft:
        return cls(
            list(table.columns),
            dict(table.indexes),
            dict(table.foreign_keys),
            table.partition,
            table.engine,
            table.collation,
            table.comment,
            table.disk,
        )

    def table(self) -> Table:
        collation = self.collation or COLLATIONS["utf8mb4"]
        key = self.indexes[PRIMARY].columns if PRIMARY in self.indexes else ()
        columns = tuple(
            replace(
                column,
                nullable=column.nullable and column.name not in key,
                collation=(column.collation or collation) if _is_text(column.type) else None,
            )
            for column in self.columns
        )
        return Table(
            columns,
            dict(self.indexes),
            dict(self.foreign_keys),
            self.partition,
            self.engine,
            collation,
            self.comment,
            self.disk,
        )

    def place(self, name: str) -> int:
        for place, column in enumerate(self.columns):
            if column.name == name:
                return place
        raise UnknownStatement(f"column {name} is changed, but the table has none of that name")

    def drop_column(self, name: str) -> None:
        del self.columns[self.place(name)]
        for key, index in list(self.indexes.items()):
            left = tuple(column for column in index.columns if column != name)
            if left != index.columns:
                self.indexes[key] = replace(index, columns=left)
                if not left:
                    del self.indexes[key]

    def change_column(self, old: str, column: Column) -> None:
        self.columns[self.place(old)] = column
        for key, index in self.indexes.items():
            renamed = tuple(column.name if name == old else name for name in index.columns)
            self.indexes[key] = replace(index, columns=renamed)
        self.partition = tuple(column.name if name == old else name for name in self.partition)


def _is_text(kind: str) -> bool:
    return kind.split("(")[0] in TEXT_TYPES


def default_text(kind: str, token: _Token) -> str | None:
    """A default as information_schema would tell it, from a literal in a script."""
    if token.kind == "word":
        if token.text.upper() == "NULL":
            return None
        return token.text.upper()
    base = kind.split("(")[0]
    if token.kind == "string":
        value = _unquoted(token.text)
    elif token.kind == "hex":
        value = bytes.fromhex(token.text[2:]).decode("latin-1")
    else:
        value = token.text
    if base == "bit":
        return value if token.kind == "bits" else f"b'{int(value):b}'"
    if base in BINARY_TYPES and value:
        return f"0x{value.encode('latin-1').hex().upper()}"
    return value


def _column(parser: _Parser) -> Column:
    name = parser.name()
    kind = parser.name()
    if parser.take("("):
        sizes = [parser.next("number").text]
        while parser.take(","):
            sizes.append(parser.next("number").text)
        parser.expect(")")
        kind += f"({','.join(sizes)})"
    column = Column(name, normal_type(kind))
    while parser.is_next("word"):
        if parser.take("NOT", "NULL"):
            column = replace(column, nullable=False)
        elif parser.take("NULL"):
            column = replace(column, nullable=True)
        elif parser.take("DEFAULT"):
            column = replace(column, default=default_text(column.type, parser.literal()))
        elif parser.take("AUTO_INCREMENT"):
            column = replace(column, auto_increment=True)
        elif parser.take("COLLATE"):
            column = replace(column, collation=parser.name())
        else:
            parser.expect("NOT")
    return column


def _references(parser: _Parser) -> ForeignKey:
    columns = parser.names()
    parser.expect("REFERENCES")
    table = parser.name()
    key = ForeignKey(columns, table, parser.names())
    while parser.take("ON"):
        event = parser.name().upper()
        action = parser.name().upper()
        if action in ("NO", "SET"):
            action += f" {parser.name().upper()}"
        key = replace(key, on_delete=action) if event == "DELETE" else replace(key, on_update=action)
    return key


def _add_key(parser: _Parser, draft: _Draft) -> bool:
    """Read an index or key into the draft, if one is next."""
    constraint = parser.name() if parser.take("CONSTRAINT") else ""
    if parser.take("PRIMARY", "KEY"):
        draft.indexes[PRIMARY] = Index(parser.names(), unique=True)
    elif parser.take("FOREIGN", "KEY"):
        draft.foreign_keys[constraint] = _references(parser)
    elif parser.take("UNIQUE", "KEY") or parser.take("UNIQUE", "INDEX"):
        _add_index(parser, draft, unique=True)
    elif parser.take("KEY") or parser.take("INDEX"):
        _add_index(parser, draft, unique=False)
    else:
        return False
    return True


def _add_index(parser: _Parser, draft: _Draft, unique: bool) -> None:
    name = "" if parser.peek("(") else parser.name()
    columns = parser.names()
    draft.indexes[name or columns[0]] = Index(columns, unique)


def _table_options(parser: _Parser, draft: _Draft) -> None:
    """Read what stands behind a table's definition, up to the end or a comma."""
    while not parser.done() and not parser.peek(","):
        parser.take("DEFAULT")
        if parser.take("PARTITION", "BY", "KEY"):
            draft.partition = parser.names()
            continue
        if parser.take("TABLESPACE"):
            parser.name()
            continue
        if parser.take("STORAGE", "DISK"):
            draft.disk = True
            continue
        option = parser.name().upper()
        parser.take("=")
        value = parser.next("string", "quoted", "word", "number")
        text = _unquoted(value.text) if value.kind in ("string", "quoted") else value.text
        if option == "ENGINE":
            draft.engine = "ndbcluster" if text.lower() in ("ndb", "ndbcluster") else text.lower()
        elif option == "CHARSET":
            draft.collation = draft.collation or COLLATIONS[text.lower()]
        elif option == "COLLATE":
            draft.collation = text.lower()
        elif option == "COMMENT":
            draft.comment = text
        elif option != "PACK_KEYS":
            raise UnknownStatement(f"table option {option} is not understood")


def _create_table(parser: _Parser) -> tuple[str, Table]:
    parser.take("IF", "NOT", "EXISTS")
    name = parser.name()
    draft = _Draft([], {}, {})
    parser.expect("(")
    while not parser.take(")"):
        if not _add_key(parser, draft):
            draft.columns.append(_column(parser))
        parser.take(",")
    _table_options(parser, draft)
    return name, draft.table()


def _alter(parser: _Parser, draft: _Draft) -> str:
    """Read one action of ALTER TABLE into the draft; returns the table's new name, or nothing."""
    if parser.take("ADD"):
        if _add_key(parser, draft):
            return ""
        parser.take("COLUMN")
        several = parser.take("(")
        draft.columns.append(_column(parser))
        while several and not parser.take(")"):
            parser.expect(",")
            draft.columns.append(_column(parser))
    elif parser.take("DROP", "PRIMARY", "KEY"):
        del draft.indexes[PRIMARY]
    elif parser.take("DROP", "FOREIGN", "KEY"):
        del draft.foreign_keys[parser.name()]
    elif parser.take("DROP", "INDEX") or parser.take("DROP", "KEY"):
        del draft.indexes[parser.name()]
    elif parser.take("DROP"):
        parser.take("COLUMN")
        draft.drop_column(parser.name())
    elif parser.take("MODIFY"):
        parser.take("COLUMN")
        column = _column(parser)
        draft.change_column(column.name, column)
    elif parser.take("CHANGE"):
        parser.take("COLUMN")
        old = parser.name()
        draft.change_column(old, _column(parser))
    elif parser.take("RENAME", "TO"):
        return parser.name()
    else:
        _table_options(parser, draft)
    return ""


def _alter_table(sql: str, name: str) -> Statement:
    def apply(shapes: Shapes) -> Shapes:
        if name not in shapes:
            raise UnknownStatement(f"table {name} is altered, but there is none of that name")
        parser = _Parser(sql)
        parser.expect("ALTER", "TABLE")
        parser.name()
        draft = _Draft.of(shapes[name])
        new = name
        while not parser.done():
            new = _alter(parser, draft) or new
            parser.take(",")
        others = {key: table for key, table in shapes.items() if key != name}
        return {**others, new: draft.table()}

    return Statement(sql, "alter", (name,), apply)


def _unchanged(shapes: Shapes) -> Shapes:
    return shapes


def _without(names: tuple[str, ...]) -> Callable[[Shapes], Shapes]:
    return lambda shapes: {key: table for key, table in shapes.items() if key not in names}


def parse_statement(sql: str) -> Statement:
    """What a statement of a script does.

    Raises:
        UnknownStatement: it is none of those that the scripts may hold.
    """
    verb = sql.split(None, 1)[0].upper()
    if verb in DATA:
        found = DATA_TABLE.match(sql)
        if found is None:
            raise UnknownStatement(f"{sql[:60]!r} is not understood, expected the name of a table")
        return Statement(sql, "data", (found["table"],), _unchanged)
    parser = _Parser(sql)
    if parser.take("CREATE", "TABLE"):
        name, table = _create_table(parser)
        return Statement(sql, "create", (name,), lambda shapes: {**shapes, name: table})
    if parser.take("ALTER", "TABLE"):
        return _alter_table(sql, parser.name())
    if parser.take("DROP", "TABLE"):
        parser.take("IF", "EXISTS")
        names = [parser.name()]
        while parser.take(","):
            names.append(parser.name())
        return Statement(sql, "drop", tuple(names), _without(tuple(names)))
    if parser.take("TRUNCATE"):
        parser.take("TABLE")
        return Statement(sql, "truncate", (parser.name(),), _unchanged)
    if parser.take("CREATE", "LOGFILE", "GROUP"):
        return Statement(sql, "logfile_group", (parser.name(),), _unchanged)
    if parser.take("CREATE", "TABLESPACE"):
        return Statement(sql, "tablespace", (parser.name(),), _unchanged)
    raise UnknownStatement(f"{sql[:60]!r} is not understood, expected a statement on a table or on disk data")
