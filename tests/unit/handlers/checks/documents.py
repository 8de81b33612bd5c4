"""Small real documents for the attachment checks, clean and planted with one fault each."""

from __future__ import annotations

import io
import struct
import zipfile

import pypdf

_DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
)
_DOCX_BODY = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'


def pdf(*, password: str = "", pages: int = 1) -> bytes:
    """Make a PDF of blank pages, encrypted where a password is given."""
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    """Make a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(*, body: str = _DOCX_BODY, **more: bytes | str) -> bytes:
    """Make the smallest Word document; ``more`` adds parts."""
    return zipped({"[Content_Types].xml": _DOCX_TYPES, "word/document.xml": body, **more})


def ofd() -> bytes:
    """Make the smallest OFD container."""
    return zipped({"OFD.xml": '<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>'})


def encrypted_zip() -> bytes:
    """Make a zip whose entry says that it is encrypted (the flag is what readers go by)."""
    content = bytearray(zipped({"secret.txt": "x" * 50}))
    content[6] |= 1
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    return bytes(content)


def linked_zip() -> bytes:
    """Make a zip with a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def ole(streams: dict[str, bytes]) -> bytes:
    """Make an OLE2 compound document with the named streams, each at most 4096 bytes."""
    free, end, fat_sector, no_stream = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    contents = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    starts, chain, position = {}, [fat_sector, end], 2
    for name, data in contents.items():
        sectors = len(data) // 512
        starts[name] = position
        chain += [*range(position + 1, position + sectors), end]
        position += sectors
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    entries = [_entry("Root Entry", 5, no_stream, 1, end, 0)]
    names = list(contents)
    for index, name in enumerate(names, start=1):
        following = index + 1 if index < len(names) else no_stream
        entries.append(_entry(name, 2, following, no_stream, starts[name], 4096))
    directory = b"".join(entries).ljust(512, b"\0")
    return header + table + directory + b"".join(contents.values())


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    fields = struct.pack("<HBBIII", len(label), kind, 1, 0xFFFFFFFF, right, child)
    return label.ljust(64, b"\0") + fields + b"\0" * 36 + struct.pack("<IQ", start, size)


def word_document(*, encrypted: bool = False, macros: bool = False) -> bytes:
    """Make an old Word document (.doc, .wps)."""
    flags = 0x0100 if encrypted else 0
    header = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)
    streams = {"WordDocument": header}
    if macros:
        streams["Macros"] = b"x"
    return ole(streams)
