"""Which dictionaries there are, and what an edition of one may say. Pure.

Source: TC609-4-2026-XX, clause 7, Table 1 (the codes); 5.2, 5.3 and 8.1.2a; A04, A25 (what is open)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from domain.catalogue import dictionaries as shipped
from domain.text_search import normalise
from kernel.errors import FieldProblem
from kernel.language import Text

MAX_ENTRIES: Final = 500
MAX_WORD: Final = 100
_INTEGER: Final = re.compile(r"0|[1-9][0-9]{0,5}")
_TEXT: Final = re.compile(r"[^\s\x00-\x1f<>\"'&]{1,40}")


@dataclass(frozen=True, slots=True)
class DictionaryKind:
    """One dictionary: the field of the record that it serves, and what the standard fixes of it.

    ``is_open`` tells whether codes may be added; ``locked`` are the standard's own, which stay as they are.
    """

    key: str
    title: Text
    field: str
    clause: str
    codes: Mapping[Any, Text]
    locked: frozenset[str]
    is_open: bool = False
    is_number: bool = False

    def code(self, text: str) -> str | int:
        """Return the code as the record holds it: an integer or a string (A09)."""
        return int(text) if self.is_number else text


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: its code as text, its words, whether it may still be chosen, and whether it is fixed."""

    code: str
    text: Text
    is_active: bool = True
    is_locked: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the entry as an edition keeps it; the place in the list is the order."""
        return {"code": self.code, "zh": self.text.zh, "en": self.text.en, "active": self.is_active}


def _kind(
    key: str,
    title: Text,
    clause: str,
    codes: Mapping[Any, Text],
    *,
    locked: Iterable[Any] | None = None,
    field: str = "",
) -> DictionaryKind:
    """Return a kind; ``locked`` names the standard's codes of an open one, else all are and it is closed."""
    fixed = codes if locked is None else locked
    return DictionaryKind(
        key=key,
        title=title,
        field=field or key,
        clause=clause,
        codes=codes,
        locked=frozenset(map(str, fixed)),
        is_open=locked is not None,
        is_number=all(isinstance(code, int) for code in codes),
    )


_PROTOCOLS: Final = {protocol: Text(protocol, protocol) for protocol in shipped.PROTOCOLS}

KINDS: Final[Mapping[str, DictionaryKind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            _kind(
                "functionalAreas",
                Text("功能领域", "Functional area"),
                "表1 functionalAreas",
                shipped.FUNCTIONAL_AREAS,
                locked=(0, 1),
            ),
            _kind(
                "useRequirements",
                Text("使用要求", "Use requirement"),
                "表1 useRequirements; 5.3.1",
                shipped.USE_REQUIREMENTS,
            ),
            _kind(
                "technicalField",
                Text("技术领域（组件形式）", "Technical field (form)"),
                "表1 technicalField; 5.3.2",
                shipped.TECHNICAL_FIELDS,
            ),
            _kind("isCharge", Text("是否收费", "Charge"), "表1 isCharge", shipped.CHARGES),
            _kind("publicScope", Text("发布范围", "Scope"), "表1 publicScope", shipped.SCOPES),
            _kind("isHosting", Text("是否托管", "Hosting"), "表1 isHosting", shipped.HOSTING),
            _kind(
                "image",
                Text("组件图标", "Icon"),
                "表1 image",
                shipped.ICONS,
                locked=(shipped.DEFAULT_ICON,),
            ),
            _kind("layer", Text("层级", "Layer"), "5.1a; 5.2", shipped.LAYERS, field="extension.layer"),
            _kind(
                "capabilityClass",
                Text("技术能力分类", "Capability class"),
                "5.3.3",
                shipped.CAPABILITY_CLASSES,
                field="extension.capabilityClass",
            ),
            _kind(
                "buildMode",
                Text("建设方式", "Build mode"),
                "6.1",
                shipped.BUILD_MODES,
                field="extension.buildMode",
            ),
            _kind(
                "networkZone",
                Text("网络区域", "Network zone"),
                "8.1.2a",
                shipped.NETWORK_ZONES,
                locked=shipped.NETWORK_ZONES,
                field="extension.networkZone",
            ),
            _kind(
                "protocols",
                Text("协议支持", "Protocols"),
                "表1 apiInfo.协议支持",
                _PROTOCOLS,
                field="apiInfo.protocols",
            ),
            _kind(
                "requestContentType",
                Text("请求内容类型", "Request content type"),
                "表1 apiInfo.请求内容类型",
                shipped.CONTENT_TYPES,
                field="apiInfo.requestContentType",
            ),
            _kind(
                "responseTargetType",
                Text("返回目标类型", "Response type"),
                "表1 apiInfo.返回目标类型",
                shipped.CONTENT_TYPES,
                field="apiInfo.responseTargetType",
            ),
        )
    }
)


def shipped_entries(kind: DictionaryKind) -> tuple[Entry, ...]:
    """Return the entries that hold while no edition was released."""
    return tuple(Entry(str(code), text, True, str(code) in kind.locked) for code, text in kind.codes.items())


def read_entries(kind: DictionaryKind, stored: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries of a stored edition."""
    return tuple(
        Entry(row["code"], Text(row["zh"], row["en"]), bool(row["active"]), row["code"] in kind.locked)
        for row in stored
    )


def problems_of(
    kind: DictionaryKind, entries: Sequence[Entry], before: Sequence[Entry], used: frozenset[str]
) -> tuple[FieldProblem, ...]:
    """Return everything that is wrong with a new edition; ``used`` are the codes that records hold."""
    found = [*_malformed(kind, entries), *_repeated(entries)]
    given = {entry.code: entry for entry in entries}
    for place, entry in enumerate(entries):
        if not kind.is_open and entry.code not in {old.code for old in before}:
            found.append(_problem(place, "code", "closed", _CLOSED, _CLOSED_CURE))
    for old in before:
        new = given.get(old.code)
        if old.is_locked and (new is None or not new.is_active or new.text.zh != old.text.zh):
            found.append(_of_code(old, "locked", _LOCKED, _LOCKED_CURE))
        elif new is None and old.code in used:
            found.append(_of_code(old, "used", _USED, _USED_CURE))
    return tuple(found)


def _malformed(kind: DictionaryKind, entries: Sequence[Entry]) -> Iterable[FieldProblem]:
    if not 1 <= len(entries) <= MAX_ENTRIES:
        yield FieldProblem("entries", "dictionary.size", _SIZE)
    form = _INTEGER if kind.is_number else _TEXT
    for place, entry in enumerate(entries):
        if not form.fullmatch(entry.code):
            yield _problem(place, "code", "code", _CODE, _NUMBER_CURE if kind.is_number else _TEXT_CURE)
        for name, word in (("zh", entry.text.zh), ("en", entry.text.en)):
            if not word.strip() or len(word) > MAX_WORD or not word.isprintable():
                yield _problem(place, name, "word", _WORD, _WORD_CURE)


def _repeated(entries: Sequence[Entry]) -> Iterable[FieldProblem]:
    seen: dict[str, set[str]] = {"code": set(), "zh": set()}
    for place, entry in enumerate(entries):
        for name, value in (("code", entry.code), ("zh", entry.text.zh)):
            plain = normalise(value)
            if plain in seen[name]:
                yield _problem(place, name, "repeated", _REPEATED, _REPEATED_CURE)
            seen[name].add(plain)


def _problem(place: int, name: str, rule: str, message: Text, mend: Text) -> FieldProblem:
    return FieldProblem(f"entries.{place}.{name}", f"dictionary.{rule}", message, None, mend)


def _of_code(entry: Entry, rule: str, message: Text, mend: Text) -> FieldProblem:
    named = Text(f"{message.zh}：{entry.code}", f"{message.en}: {entry.code}")
    return FieldProblem("entries", f"dictionary.{rule}", named, "7", mend)


_SIZE = Text(f"字典应有1至{MAX_ENTRIES}个值", f"A dictionary has 1 to {MAX_ENTRIES} values")
_CODE = Text("代码格式不正确", "The code is malformed")
_NUMBER_CURE = Text(
    "填写0至999999的整数，不加前导零", "Write an integer from 0 to 999999 without leading zeros"
)
_TEXT_CURE = Text(
    "填写1至40个字符，不含空格、引号和尖括号", "Write 1 to 40 characters, no spaces, quotes, brackets"
)
_WORD = Text(
    "名称应有中英文，各1至100个字符", "The word is needed in Chinese and English, 1 to 100 characters"
)
_WORD_CURE = Text("补全中文和英文名称", "Give the word in both languages")
_REPEATED = Text("与前面的值重复（不区分全半角和大小写）", "Repeats an earlier value (width and case aside)")
_REPEATED_CURE = Text("改用不同的代码和名称", "Use another code and another word")
_CLOSED = Text(
    "该字典的代码由标准规定，不能新增", "The standard closes this dictionary: no code can be added"
)
_CLOSED_CURE = Text("删去新增的一行", "Take the new line out")
_LOCKED = Text(
    "标准规定的值不能改名、停用或删除", "A value of the standard cannot be renamed, retired or removed"
)
_LOCKED_CURE = Text(
    "恢复该值原来的中文名称和启用状态", "Give the value its Chinese word back and keep it active"
)
_USED = Text("该值已被组件使用，不能删除", "Components use this value: it cannot be removed")
_USED_CURE = Text(
    "改为停用：已有组件保留该值，新组件不能再选", "Retire it: components keep it, new ones cannot choose it"
)
