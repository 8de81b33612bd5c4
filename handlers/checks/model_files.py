"""Reading model files without running anything in them: whether they are whole and what they say they are.

Source: safetensors format 0.4 (header of JSON behind its length in 8 bytes); clause 8.3.3 a
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from handlers.checks.results import Finding, Rule, Severity
from kernel.language import Text

MAX_HEADER = 100 * 1024 * 1024
_PICKLE = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")

M_FORMAT = Rule(
    "M-FORMAT",
    Severity.ERROR,
    "8.3.3a",
    Text("模型文件不完整，或不是所填的格式", "The model file is not whole, or not of the declared format"),
)
M_PICKLE = Rule(
    "M-PICKLE",
    Severity.ERROR,
    "8.3.3a",
    Text(
        "模型文件为 pickle 序列化，加载时可执行任意代码，请改用 safetensors 或 ONNX",
        "The model is a pickle, which runs any code when it is loaded: use safetensors or ONNX",
    ),
)


def read_model_file(path: Path, declared: str) -> list[Finding]:
    """Return what is wrong with a model file; of unknown formats only that they are no pickle is seen."""
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(_PICKLE):
        return [M_PICKLE.broken(place="model.file")]
    if declared == "safetensors" and not _is_safetensors(path):
        return [M_FORMAT.broken(place="model.file", evidence="safetensors")]
    # Protocol buffers: the first field of an ONNX model is its version, a small number.
    if declared == "onnx" and not (len(head) > 8 and head[0] == 0x08):
        return [M_FORMAT.broken(place="model.file", evidence="ONNX")]
    return []


def _is_safetensors(path: Path) -> bool:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MAX_HEADER, size - 8):
            return False
        try:
            header: Any = json.loads(file.read(length))
        except (ValueError, RecursionError):
            return False
    if not isinstance(header, dict):
        return False
    ends = [_end_of(tensor) for name, tensor in header.items() if name != "__metadata__"]
    return None not in ends and 8 + length + max((end for end in ends if end is not None), default=0) == size


def _end_of(tensor: object) -> int | None:
    offsets = tensor.get("data_offsets") if isinstance(tensor, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(isinstance(it, int) for it in offsets):
        return None
    return int(offsets[1]) if 0 <= offsets[0] <= offsets[1] else None
