"""Artefacts are taken in by content and refused where they could harm whoever looks into them."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from domain.samples.artefacts import KINDS, LANGUAGES, write_artefact
from domain.samples.artefacts.archives import tar_of, zip_of
from handlers.scanning.artefacts import ArtefactKind, open_artefact
from handlers.scanning.bench import Workbench
from handlers.scanning.intake import ArtefactRefused
from handlers.scanning.unpacking import UnpackLimits

SOURCE = {"service.py": b"print(1)\n"}


def refused(
    bench: Workbench, folder: Path, name: str, content: bytes, limits: UnpackLimits | None = None
) -> str:
    """Hand an artefact in that must be refused, and return the rule."""
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(ArtefactRefused) as refusal, open_artefact(bench, path, name, limits):
        pass
    assert list((bench.scratch or folder).glob("*")) == []
    assert refusal.value.finding.message.zh
    return refusal.value.finding.rule


def tar_with(entry: tarfile.TarInfo, content: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize("planted", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_artefact_is_told_by_its_content(
    bench: Workbench, tmp_path: Path, kind: str, planted: bool
) -> None:
    path = write_artefact(kind, tmp_path, planted=planted)

    with open_artefact(bench, path, path.name) as artefact:
        assert artefact.kind is ArtefactKind(kind)
        assert artefact.files > 0

    assert not artefact.tree.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_a_source_archive_is_told(bench: Workbench, tmp_path: Path, language: str) -> None:
    path = write_artefact(language, tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        assert artefact.kind is ArtefactKind.SOURCE
        assert artefact.languages == (language,)
        assert artefact.has_source


def test_a_library_inside_a_jar_lies_unpacked_beside_it(bench: Workbench, tmp_path: Path) -> None:
    path = write_artefact("jar", tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        inside = artefact.tree / "BOOT-INF/lib/log4j-core.jar!/META-INF/MANIFEST.MF"
        assert inside.is_file()


@pytest.mark.parametrize("kind", ["docker_archive", "oci_archive"])
def test_a_file_that_a_later_layer_removes_is_gone(bench: Workbench, tmp_path: Path, kind: str) -> None:
    path = write_artefact(kind, tmp_path, planted=False)

    with open_artefact(bench, path, path.name) as artefact:
        assert (artefact.tree / "rootfs/app/service.py").is_file()
        assert not (artefact.tree / "rootfs/app/left-over.txt").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("setup.exe", b"MZ\x90\x00" + bytes(600)),
        ("service", b"\x7fELF" + bytes(600)),
        ("notes.txt", b"nothing to run here\n" * 40),
        ("empty.jar", b""),
        ("letter.zip", zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})),
    ],
)
def test_what_is_no_artefact_is_refused(bench: Workbench, tmp_path: Path, name: str, content: bytes) -> None:
    assert refused(bench, tmp_path, name, content) == "I-TYPE"


@pytest.mark.parametrize(
    ("kind", "name"), [("jar", "notice.war"), ("war", "notice.jar"), ("docker_archive", "notice.zip")]
)
def test_a_name_that_claims_another_kind_is_refused(
    bench: Workbench, tmp_path: Path, kind: str, name: str
) -> None:
    content = write_artefact(kind, tmp_path, planted=False).read_bytes()

    assert refused(bench, tmp_path, name, content) == "I-NAME"


def test_an_archive_that_expands_beyond_all_measure_is_refused(bench: Workbench, tmp_path: Path) -> None:
    content = zip_of({**SOURCE, "zeros": bytes(40 * 1024 * 1024)})

    assert refused(bench, tmp_path, "bomb.zip", content) == "I-BOMB"


def test_an_archive_with_too_many_entries_is_refused(bench: Workbench, tmp_path: Path) -> None:
    content = zip_of({f"{number}.py": b"1" for number in range(30)})

    assert refused(bench, tmp_path, "many.zip", content, UnpackLimits(entries=20)) == "I-BOMB"


def test_an_archive_beyond_the_total_is_refused(bench: Workbench, tmp_path: Path) -> None:
    content = tar_of({**SOURCE, "data": bytes(2_000_000)})

    assert refused(bench, tmp_path, "big.tar", content, UnpackLimits(unpacked_bytes=1_000_000)) == "I-BOMB"


def test_an_artefact_beyond_the_size_limit_is_refused(bench: Workbench, tmp_path: Path) -> None:
    assert refused(bench, tmp_path, "big.zip", zip_of(SOURCE), UnpackLimits(artefact_bytes=10)) == "I-SIZE"


def test_archives_nested_too_deep_are_refused(bench: Workbench, tmp_path: Path) -> None:
    content = zip_of(SOURCE)
    for level in range(5):
        content = zip_of({f"level{level}.zip": content})

    assert refused(bench, tmp_path, "deep.zip", content) == "I-BOMB"


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/evil.py", "a/../../evil.py", "..\\evil.py"])
def test_a_path_that_leaves_the_folder_is_refused(bench: Workbench, tmp_path: Path, name: str) -> None:
    assert refused(bench, tmp_path, "slip.zip", zip_of({name: b"x"})) == "I-PATH"
    if "\\" not in name:
        assert refused(bench, tmp_path, "slip.tar", tar_with(tarfile.TarInfo(name), b"x")) == "I-PATH"


def test_links_and_devices_are_refused(bench: Workbench, tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        entry = tarfile.TarInfo("link")
        entry.type, entry.linkname = kind, "/etc/passwd"
        assert refused(bench, tmp_path, "link.tar", tar_with(entry)) == "I-LINK"

    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    assert refused(bench, tmp_path, "link.zip", buffer.getvalue()) == "I-PATH"


def test_two_entries_of_one_name_are_refused(bench: Workbench, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("service.py", "good")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("service.py", "bad")

    assert refused(bench, tmp_path, "two.zip", buffer.getvalue()) == "I-DUPLICATE"
    assert refused(bench, tmp_path, "both.zip", zip_of({"a": b"1", "a/b": b"2"})) == "I-DUPLICATE"


def test_an_encrypted_archive_is_refused(bench: Workbench, tmp_path: Path) -> None:
    content = bytearray(zip_of(SOURCE))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert refused(bench, tmp_path, "locked.zip", bytes(content)) == "I-ENCRYPTED"


@pytest.mark.parametrize("kind", ["jar", "war", "docker_archive", "oci_archive", "python", "java"])
def test_an_archive_cut_off_in_the_middle_is_refused(bench: Workbench, tmp_path: Path, kind: str) -> None:
    path = write_artefact(kind, tmp_path, planted=True)
    content = path.read_bytes()

    assert refused(bench, tmp_path, path.name, content[: len(content) // 2]) == "I-CORRUPT"


def test_an_archive_without_files_is_refused(bench: Workbench, tmp_path: Path) -> None:
    folder = tarfile.TarInfo("folder")
    folder.type = tarfile.DIRTYPE

    assert refused(bench, tmp_path, "empty.tar", tar_with(folder)) == "I-EMPTY"


def test_an_image_whose_blob_was_changed_is_refused(bench: Workbench, tmp_path: Path) -> None:
    content = write_artefact("oci_archive", tmp_path, planted=False).read_bytes()
    changed = content.replace(b"print(", b"xrint(").replace(b"select * from", b"delete   from")

    assert changed != content
    assert refused(bench, tmp_path, "notice.tar", changed) == "I-CORRUPT"


@pytest.mark.parametrize("layer", ["../../outside", "/etc/passwd", "missing/layer.tar"])
def test_an_image_whose_manifest_points_elsewhere_is_refused(
    bench: Workbench, tmp_path: Path, layer: str
) -> None:
    manifest = json.dumps([{"Config": "config.json", "Layers": [layer]}]).encode()
    content = tar_of({"config.json": b"{}", "manifest.json": manifest})

    assert refused(bench, tmp_path, "image.tar", content) == "I-CORRUPT"


def test_a_broken_archive_inside_is_named_as_not_read(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "mixed.zip"
    library = bytearray(zip_of({"a.txt": b"a" * 2000}))
    library[40:60] = bytes(20)
    path.write_bytes(zip_of({**SOURCE, "lib/broken.jar": bytes(library)}))

    with open_artefact(bench, path, path.name) as artefact:
        assert artefact.unread == ("lib/broken.jar",)
