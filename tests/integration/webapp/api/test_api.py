"""The interface for programs: signing in, lists, idempotent posts, problem documents, its description."""

from __future__ import annotations

import json
import re
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from domain.samples.components import invalid_record
from tests.integration.webapp.catalogue_desk import CatalogueDesk, record
from webapp.api.routes import DOCUMENT

BASE = "/api/v1"


class Program:
    """A program that signs in with user name and password on each request."""

    def __init__(self, desk: CatalogueDesk, user_name: str) -> None:
        self.client: FlaskClient = desk.app.test_client()
        self.auth = (user_name, desk.people[user_name].password)

    def get(self, path: str) -> TestResponse:
        """Ask for a document."""
        return self.client.get(BASE + path, auth=self.auth)

    def post(self, path: str, body: Any, key: str | None = "key-1") -> TestResponse:
        """Send a document under an idempotency key."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(BASE + path, json=body, auth=self.auth, headers=headers)


def described(name: str) -> Draft202012Validator:
    """Return a validator for a schema of the description."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    return Draft202012Validator(schema)


def test_the_description_is_valid_and_names_every_address(catalogue_desk: CatalogueDesk) -> None:
    document = catalogue_desk.app.test_client().get(f"{BASE}/openapi.json").get_json()

    validate(document)
    served = {
        (re.sub(r"<[^:>]+:([^>]+)>", r"{\1}", str(rule)).removeprefix(BASE), method.lower())
        for rule in catalogue_desk.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, item in document["paths"].items() for method in item}
    assert {(path.replace("version_id", "versionId"), method) for path, method in served} == told


def test_a_list_is_paged_by_key_and_as_described(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")

    first = program.get("/components?limit=12").get_json()
    second = program.get(f"/components?limit=12&after={first['next']}").get_json()

    described("ComponentPage").validate(first)
    names = [item["name"] for page in (first, second) for item in page["items"]]
    assert len(names) == len(set(names)) == 20
    assert second["next"] is None


def test_a_version_is_answered_as_described(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id("统一融合调度")

    answer = Program(catalogue_desk, "fabu1").get(f"/components/{version_id}").get_json()

    described("ComponentDetail").validate(answer)
    assert answer["record"]["apiInfo"]["publicPath"] == "/open/fusion-dispatch/v2"
    assert len(answer["attachments"]) == 6


def test_what_is_out_of_reach_is_a_problem_document(catalogue_desk: CatalogueDesk) -> None:
    version_id = catalogue_desk.version_id("统一认证中心")

    answer = Program(catalogue_desk, "fabu2").get(f"/components/{version_id}")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
    described("Problem").validate(answer.get_json())


def test_a_malformed_question_is_refused(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")

    for query in ("limit=0", "limit=x", "state=NOWHERE", "after=broken"):
        assert program.get(f"/components?{query}").status_code == 400


def test_a_wrong_password_and_none_at_all_are_refused(catalogue_desk: CatalogueDesk) -> None:
    client = catalogue_desk.app.test_client()

    assert client.get(f"{BASE}/components").status_code == 401
    assert client.get(f"{BASE}/components", auth=("fabu1", "wrong")).status_code == 401


def test_a_password_opens_no_page(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")

    answer = program.client.get("/components", auth=program.auth)

    assert answer.status_code == 303


def test_a_session_needs_its_token_for_a_post(catalogue_desk: CatalogueDesk) -> None:
    visitor = catalogue_desk.visitor("fabu1")
    path, body = f"{BASE}/components/validate", {"record": record()}

    without = visitor.client.post(path, json=body, headers={"Idempotency-Key": "a"})
    token = {"Idempotency-Key": "a", "X-CSRFToken": visitor.token}
    with_it = visitor.client.post(path, json=body, headers=token)

    assert without.status_code == 400
    assert with_it.status_code == 200


def test_a_record_is_validated_and_not_stored(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")

    good = program.post("/components/validate", {"record": record()}, "good").get_json()
    bad = program.post(
        "/components/validate", {"record": invalid_record(), "stage": "listing"}, "bad"
    ).get_json()

    assert good["valid"]
    assert not bad["valid"]
    described("Validation").validate(bad)
    assert {"V-NAME-01", "V-API-11"} <= {breach["rule"] for breach in bad["breaches"]}
    assert len(program.get("/components").get_json()["items"]) == 20


def test_an_import_sent_twice_happens_once(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")

    first = program.post("/components/import", [record(), invalid_record()])
    second = program.post("/components/import", [record(), invalid_record()])

    assert first.status_code == second.status_code == 200
    assert first.get_json() == second.get_json()
    described("ImportReport").validate(first.get_json())
    assert (first.get_json()["accepted"], first.get_json()["refused"]) == (1, 1)
    assert len(program.get("/components").get_json()["items"]) == 21


def test_a_key_stands_for_one_request_only(catalogue_desk: CatalogueDesk) -> None:
    program = Program(catalogue_desk, "fabu1")
    program.post("/components/validate", {"record": record()})

    other = program.post("/components/validate", {"record": record(name="另一个")})
    of_another_person = Program(catalogue_desk, "fabu2").post("/components/validate", {"record": record()})
    none = program.post("/components/validate", {"record": record()}, key=None)

    assert other.status_code == 409
    assert of_another_person.status_code == 200
    assert none.status_code == 400


def test_only_a_releasing_unit_imports(catalogue_desk: CatalogueDesk) -> None:
    answer = Program(catalogue_desk, "shenhe1").post("/components/import", [record()])

    assert answer.status_code == 403
