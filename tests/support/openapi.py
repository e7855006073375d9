"""Requests and responses held against Discord's own description of its HTTP API."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

_HERE = "urn:discord"
_JSON = "application/json"
NO_CONTENT = 204


class NotDescribedError(AssertionError):
    """A request or response is not as Discord describes it."""


class Description:
    """Discord's description of its HTTP API."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = _corrected(document)
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_HERE, resource)
        self._templates = sorted(self._document["paths"], key=lambda path: path.count("{"))

    @classmethod
    def load(cls, path: Path) -> Description:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def check_request(
        self, method: str, path: str, body: Any, query: Mapping[str, str] | None = None
    ) -> None:
        """Raise unless Discord takes this body (None for none) and these parameters.

        Args:
            method: `GET` and so on.
            path: The path below `/api/v10`, filled in or as a template.
            body: The decoded JSON.
            query: The query's parameters.
        """
        template, operation = self._operation(method, path)
        self._check_query(f"{method} {template}", operation, query or {})
        described = operation.get("requestBody", {})
        if body is None:
            if described.get("required") and _has_required_fields(described):
                raise NotDescribedError(f"{method} {template}: a body is required")
            return
        if _JSON not in described.get("content", {}):
            raise NotDescribedError(f"{method} {template}: takes no JSON")
        pointer = _pointer(
            "paths", template, method.lower(), "requestBody", "content", _JSON, "schema"
        )
        self._check(f"{method} {template}: request", pointer, _with_written_ids(body))

    def check_response(self, method: str, path: str, status: int, body: Any) -> None:
        """Raise unless Discord answers so."""
        template, operation = self._operation(method, path)
        responses = operation["responses"]
        key = str(status) if str(status) in responses else f"{str(status)[0]}XX"
        what = f"{method} {template}: response {status}"
        if key not in responses:
            raise NotDescribedError(f"{what} is none of {', '.join(responses)}")
        if status == NO_CONTENT:
            if body is not None:
                raise NotDescribedError(f"{what} has no body")
            return
        if "$ref" in responses[key]:
            name = responses[key]["$ref"].rsplit("/", 1)[1]
            pointer = _pointer("components", "responses", name, "content", _JSON, "schema")
        else:
            where = ("paths", template, method.lower(), "responses", key, "content")
            pointer = _pointer(*where, _JSON, "schema")
        self._check(what, pointer, body)

    def _operation(self, method: str, path: str) -> tuple[str, dict[str, Any]]:
        for template in self._templates:
            pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template))
            if path == template or re.fullmatch(pattern, path):
                operations = self._document["paths"][template]
                if method.lower() in operations:
                    found = operations[method.lower()]
                    shared = operations.get("parameters", [])
                    return template, found | {"parameters": shared + found.get("parameters", [])}
        raise NotDescribedError(f"{method} {path}: Discord describes no such endpoint")

    def _check_query(self, what: str, operation: dict[str, Any], query: Mapping[str, str]) -> None:
        known = {each["name"] for each in operation["parameters"] if each["in"] == "query"}
        unknown = set(query) - known
        if unknown:
            raise NotDescribedError(f"{what}: takes no parameter {', '.join(sorted(unknown))}")

    def _check(self, what: str, pointer: str, value: Any) -> None:
        validator = Draft202012Validator(
            {"$ref": f"{_HERE}#{pointer}"}, registry=self._registry, format_checker=_FORMATS
        )
        faults = [_deepest(each) for each in validator.iter_errors(value)]
        if faults:
            lines = [f"  {each.json_path}: {each.message[:400]}" for each in faults]
            raise NotDescribedError("\n".join([what, *lines]))


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"[a-z][a-z0-9+.-]*:", value) is not None


def _corrected(document: dict[str, Any]) -> dict[str, Any]:
    """Correct what the description says of its own errors.

    It gives the codes inside `errors` the type of the outer one, an integer; Discord's reference
    and its answers have names there, `{"code": "BASE_TYPE_REQUIRED", "message": …}`.
    """
    schemas = document["components"]["schemas"]
    inner = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
        "required": ["code", "message"],
    }
    schemas["InnerErrors"]["properties"]["_errors"]["items"] = inner
    return document


def _has_required_fields(described: dict[str, Any]) -> bool:
    """Say whether a body must hold something; for many, an empty one and none are the same."""
    return "array" not in str(described["content"].get(_JSON, {}).get("schema", {}).get("type"))


def _deepest(error: ValidationError) -> ValidationError:
    """Return what is wrong in the alternative that fits best, not "none of them fits"."""
    while error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for each in error.context:
            branches.setdefault(each.schema_path[0], []).append(each)
        best = min(branches.values(), key=_misfit)
        error = best[0]
    return error


def _misfit(faults: list[ValidationError]) -> tuple[bool, int]:
    """Rank an alternative: one whose `type` field is another kind of thing fits worst."""
    wrong_kind = any(list(each.path)[-1:] == ["type"] or each.path == () for each in faults)
    return wrong_kind, len(faults)


def _with_written_ids(body: Any) -> Any:
    """Write the ids of `allowed_mentions` as texts: Discord takes numbers, as discord.py has it."""
    if not isinstance(body, dict) or not body.get("allowed_mentions"):
        return body
    mentions = {
        key: [str(each) for each in value] if isinstance(value, list) else value
        for key, value in body["allowed_mentions"].items()
    }
    return body | {"allowed_mentions": mentions}


def _pointer(*steps: str) -> str:
    return "".join(
        "/" + each.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        for each in steps
    )
