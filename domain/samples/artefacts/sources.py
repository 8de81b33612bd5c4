"""The sources of one small notice service in five languages: clean, and planted with faults.

The clean ones take their configuration from the environment, bind parameters and call no shell; the planted
ones do the opposite, and use an old library with a known vulnerability.
"""

from __future__ import annotations

from typing import Final

from domain.samples.artefacts.plants import (
    CLEAN_YAML,
    DATABASE_PASSWORD,
    DSN,
    PLANTED_PROPERTIES,
    PLANTED_YAML,
    PRIVATE_KEY,
)

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>cn.example.notice</groupId><artifactId>notice</artifactId><version>1.0.0</version>
  <dependencies><dependency>
    <groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>{version}</version>
  </dependency></dependencies>
</project>
"""
_JAVA = """\
package cn.example.notice;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.servlet.http.HttpServletRequest;

public class NoticeService {
    public ResultSet find(Connection connection, HttpServletRequest request) throws SQLException {
        String area = request.getParameter("area");
%s
    }
}
"""
_JAVA_CLEAN = """\
        PreparedStatement statement = connection.prepareStatement("select * from notice where area = ?");
        statement.setString(1, area);
        return statement.executeQuery();"""
_JAVA_PLANTED = """\
        Statement statement = connection.createStatement();
        return statement.executeQuery("select * from notice where area = '" + area + "'");"""

_PYTHON = """\
import os
import sqlite3
import subprocess

from flask import Flask, request

app = Flask(__name__)


@app.get("/notices")
def notices():
    database = sqlite3.connect(os.environ["DB_PATH"])
    area = request.args.get("area", "")
%s
"""
_PYTHON_CLEAN = """\
    rows = database.execute("select * from notice where area = ?", (area,))
    return {"rows": rows.fetchall()}"""
_PYTHON_PLANTED = f"""\
    subprocess.run("echo " + area, shell=True)
    rows = database.execute("select * from notice where area = '" + area + "'")
    return {{"rows": rows.fetchall()}}


DATABASE_URL = "{DSN}"
DB_PASSWORD = "{DATABASE_PASSWORD}\""""  # noqa: S608  # a planted fault, never run

_GO = """\
package main

import (
\t"database/sql"
\t"net/http"
%s)

func find(database *sql.DB, request *http.Request) (*sql.Rows, error) {
\tarea := request.URL.Query().Get("area")
%s
}

func main() {}
"""
_GO_CLEAN = '\treturn database.Query("select * from notice where area = ?", area)'
_GO_PLANTED = """\
\texec.Command("sh", "-c", "echo "+area).Run()
\treturn database.Query("select * from notice where area = '" + area + "'")"""

_JAVASCRIPT = """\
const express = require("express");
%sconst app = express();

app.get("/notices", (request, response) => {
  const area = request.query.area;
%s
});

module.exports = app;
"""
_JAVASCRIPT_CLEAN = """\
  response.json({ area: String(area), database: process.env.DB_URL });"""
_JAVASCRIPT_PLANTED = f"""\
  exec("echo " + area, (error, output) => response.send(output));
  database.query("select * from notice where area = '" + area + "'");
  const databaseUrl = "{DSN}";"""  # noqa: S608  # a planted fault, never run

_C = """\
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int greet(const char *area) {
    char line[64];
%s
    return puts(line);
}
"""
_C_CLEAN = '    snprintf(line, sizeof line, "notice for %s", area);'
_C_PLANTED = f"""\
    strcpy(line, area);
    system(line);
    static const char *database = "{DSN}";
    printf("%s", database);"""

_PACKAGE = '{{"name": "notice", "version": "1.0.0", "dependencies": {{"lodash": "{version}"}}}}\n'
_PACKAGE_LOCK = """\
{{
  "name": "notice", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {{
    "": {{"name": "notice", "version": "1.0.0", "dependencies": {{"lodash": "{version}"}}}},
    "node_modules/lodash": {{"version": "{version}", "license": "{licence}"}}
  }}
}}
"""

CLEAN: Final[dict[str, dict[str, str]]] = {
    "java": {
        "pom.xml": _POM.format(version="2.24.3"),
        "src/main/java/cn/example/notice/NoticeService.java": _JAVA % _JAVA_CLEAN,
        "src/main/resources/application.yml": CLEAN_YAML,
    },
    "python": {"requirements.txt": "pyyaml==6.0.2\n", "service.py": _PYTHON % _PYTHON_CLEAN},
    "go": {
        "go.mod": "module example.cn/notice\n\ngo 1.22\n\nrequire golang.org/x/text v0.21.0\n",
        "main.go": _GO % ("", _GO_CLEAN),
    },
    "javascript": {
        "package.json": _PACKAGE.format(version="4.17.21"),
        "package-lock.json": _PACKAGE_LOCK.format(version="4.17.21", licence="MIT"),
        "service.js": _JAVASCRIPT % ("", _JAVASCRIPT_CLEAN),
    },
    "c": {
        "conanfile.txt": "[requires]\nzlib/1.3.1\n",
        "vcpkg.json": '{"name": "notice", "version": "1.0.0", "dependencies": ["fmt"],\n'
        ' "overrides": [{"name": "fmt", "version": "11.0.2"}]}\n',
        "notice.c": _C.replace("%s\n    return", _C_CLEAN + "\n    return"),
    },
}
PLANTED: Final[dict[str, dict[str, str]]] = {
    "java": {
        "pom.xml": _POM.format(version="2.14.1"),
        "src/main/java/cn/example/notice/NoticeService.java": _JAVA % _JAVA_PLANTED,
        "src/main/resources/application.yml": PLANTED_YAML,
        "src/main/resources/queue.properties": PLANTED_PROPERTIES,
        "src/main/resources/server.key": PRIVATE_KEY,
    },
    "python": {"requirements.txt": "pyyaml==5.3.1\n", "service.py": _PYTHON % _PYTHON_PLANTED},
    "go": {
        "go.mod": "module example.cn/notice\n\ngo 1.22\n\nrequire golang.org/x/text v0.3.5\n",
        "main.go": _GO % ('\t"os/exec"\n', _GO_PLANTED),
        "config.yaml": PLANTED_YAML,
    },
    "javascript": {
        "package.json": _PACKAGE.format(version="4.17.11"),
        "package-lock.json": _PACKAGE_LOCK.format(version="4.17.11", licence="GPL-3.0-only"),
        "service.js": _JAVASCRIPT % ('const { exec } = require("child_process");\n', _JAVASCRIPT_PLANTED),
    },
    "c": {
        "conanfile.txt": "[requires]\nzlib/1.2.11\n",
        "vcpkg.json": '{"name": "notice", "version": "1.0.0", "dependencies": ["fmt"],\n'
        ' "overrides": [{"name": "fmt", "version": "11.0.2"}]}\n',
        "notice.c": _C.replace("%s\n    return", _C_PLANTED + "\n    return"),
    },
}
