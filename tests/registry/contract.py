"""The API's published OpenAPI contract, which lies with the registry's records, and checks against it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator

from tests.records import RECORDS, WHY_NOT_READ

CONTRACT = RECORDS / "registry" / "ctg-oas-v2.yaml"
needs_contract = pytest.mark.skipif(not CONTRACT.is_file(), reason=WHY_NOT_READ)


@cache
def contract() -> dict[str, Any]:
    return yaml.safe_load(CONTRACT.read_text())


def schema(name: str) -> dict[str, Any]:
    return contract()["components"]["schemas"][name]


def faults(answer: Any, name: str) -> list[str]:
    """What in a decoded answer does not fit the schema of that name."""
    validator = OAS30Validator({"$ref": f"#/components/schemas/{name}", "components": contract()["components"]})
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer)]


def parameter_faults(path: str, parameters: dict[str, str]) -> list[str]:
    """What in a request's parameters the contract does not know or allow."""
    published = {parameter["name"]: parameter["schema"] for parameter in contract()["paths"][path]["get"]["parameters"]}
    found = [f"{name} is not published" for name in parameters if name not in published]
    for name, text in parameters.items():
        if name in published:
            wanted = _resolved(published[name])
            errors = OAS30Validator({**wanted, "components": contract()["components"]}).iter_errors(_value(text, wanted))
            found += [f"{name}: {error.message[:200]}" for error in errors]
    return found


def _value(text: str, wanted: dict[str, Any]) -> Any:
    """A parameter's text as the type that the contract gives it; text that does not fit stays text, and so is found."""
    if wanted["type"] == "array":
        return re.split(r"[,|]", text)
    if wanted["type"] == "integer" and re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    return {"true": True, "false": False}.get(text, text) if wanted["type"] == "boolean" else text


def leaf_paths(name: str, path: str = "") -> Iterator[str]:
    """The path of every single value that a schema has room for, with `[]` for a place in a list."""
    yield from _leaves(schema(name), path)


def _leaves(node: dict[str, Any], path: str) -> Iterator[str]:
    node = _resolved(node)
    if node.get("type") == "object":
        for key, below in node.get("properties", {}).items():
            yield from _leaves(below, f"{path}.{key}" if path else key)
    elif node.get("type") == "array":
        yield from _leaves(node["items"], f"{path}[]")
    else:
        yield path


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    return schema(node["$ref"].rsplit("/", 1)[1]) if "$ref" in node else node
