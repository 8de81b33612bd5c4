"""Archives that people upload: what can be started, and what is refused before anything is written."""

from __future__ import annotations

import json
import stat
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest

from domain.samples.services.packing import archive_of, python_archive
from handlers.deploying.packages import MANIFEST, Package, PackageRefused, open_package

GOOD = {MANIFEST: '{"entry": "app.py"}', "app.py": "print(1)"}


def opened(tmp_path: Path, content: bytes, name: str = "component.zip") -> Package:
    archive = tmp_path / name
    archive.write_bytes(content)
    return open_package(archive, name, tmp_path / "deployment" / "app")


def refused(tmp_path: Path, content: bytes) -> PackageRefused:
    with pytest.raises(PackageRefused) as found:
        opened(tmp_path, content)
    outside = {path.name for path in tmp_path.iterdir()} - {"component.zip", "deployment"}
    assert outside == set()
    return found.value


def test_a_python_archive_is_unpacked_and_names_its_entry(tmp_path: Path) -> None:
    package = opened(tmp_path, python_archive("component", {"testSwitch": {"DATABASE_ADDRESS": "x:1"}}))

    assert (package.kind, package.entry) == ("python", "component.py")
    assert package.manifest["testSwitch"] == {"DATABASE_ADDRESS": "x:1"}
    assert (package.root / "component.py").is_file()


def test_a_jar_names_its_main_class_and_is_started_as_it_is(tmp_path: Path) -> None:
    jar = files("domain.samples.services").joinpath("component.jar").read_bytes()

    package = opened(tmp_path, jar, "component.jar")

    assert (package.kind, package.entry) == ("jar", "SampleComponent")
    assert package.archive == tmp_path / "component.jar"


def test_a_war_is_known_as_one(tmp_path: Path) -> None:
    assert opened(tmp_path, archive_of({"WEB-INF/web.xml": "<web-app/>"})).kind == "war"


@pytest.mark.parametrize(
    "name", ["../outside.py", "/etc/outside", "a/../../outside", "..\\outside", "C:/outside", "a\\..\\b"]
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, archive_of({**GOOD, name: "x"}))

    assert "越出目录" in error.reason.zh
    assert error.place == name


def test_a_link_is_refused(tmp_path: Path) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr(MANIFEST, GOOD[MANIFEST])

    assert "链接" in refused(tmp_path, packed.getvalue()).reason.zh


def test_a_name_that_comes_twice_in_any_case_is_refused(tmp_path: Path) -> None:
    assert "重名" in refused(tmp_path, archive_of({**GOOD, "App.py": "x"})).reason.zh


def test_an_archive_that_expands_beyond_measure_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, archive_of({**GOOD, "zeros": b"\0" * (8 * 1024 * 1024)}))

    assert "压缩炸弹" in error.reason.zh


def test_an_archive_of_very_many_files_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, archive_of({f"f{number}": "" for number in range(10_001)}))

    assert "10000" in error.reason.zh


@pytest.mark.parametrize("content", [b"", b"MZ not an archive", b"PK\x03\x04 cut", archive_of(GOOD)[:-30]])
def test_what_is_no_whole_archive_is_refused_with_the_cure(tmp_path: Path, content: bytes) -> None:
    assert "重新打包" in refused(tmp_path, content).reason.zh


@pytest.mark.parametrize(
    "manifest",
    [
        "[]",
        "{}",
        '{"entry": 1}',
        "not json",
        '{"entry": "../app.py"}',
        '{"entry": "/app.py"}',
        '{"entry": "no.py"}',
    ],
)
def test_a_manifest_that_names_no_file_of_the_archive_is_refused(tmp_path: Path, manifest: str) -> None:
    assert refused(tmp_path, archive_of({**GOOD, MANIFEST: manifest})).place == MANIFEST


def test_an_archive_that_says_nothing_of_its_start_is_refused(tmp_path: Path) -> None:
    assert MANIFEST in refused(tmp_path, archive_of({"readme.txt": "x"})).reason.en
    assert (
        "Main-Class"
        in refused(
            tmp_path, archive_of({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0", "A.class": "x"})
        ).reason.en
    )


def test_a_damaged_entry_is_refused(tmp_path: Path) -> None:
    content = bytearray(archive_of({**GOOD, "data": json.dumps(list(range(1000)))}))
    content[200:220] = b"\xff" * 20

    assert refused(tmp_path, bytes(content)).reason.en
