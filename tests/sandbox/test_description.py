"""The check against Discord's description says no when it should."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.openapi import Description, NotDescribedError
from tests.support.shared import DESCRIPTION, is_described

pytestmark = [pytest.mark.shared, is_described]

MESSAGES = "/channels/123/messages"


@pytest.fixture(scope="module")
def description() -> Description:
    return Description.load(DESCRIPTION)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"content": 5}, r"content"),
        ({"content": "x" * 4001}, r"content"),
        ({"embeds": [{"title": "x" * 257}]}, r"embeds\[0\]\.title"),
        ({"components": [{"type": 1, "components": [{"type": 2}]}]}, r"components\[0\]"),
        ({"nonce": "x" * 26}, r"nonce"),
        (None, "a body is required"),
    ],
)
def test_a_wrong_request_is_refused(description: Description, body: Any, complaint: str) -> None:
    with pytest.raises(NotDescribedError, match=complaint):
        description.check_request("POST", MESSAGES, body)


def test_a_right_request_passes(description: Description) -> None:
    description.check_request("POST", MESSAGES, {"content": "hello"})


def test_an_unknown_parameter_is_refused(description: Description) -> None:
    with pytest.raises(NotDescribedError, match="takes no parameter since"):
        description.check_request("GET", MESSAGES, None, {"since": "1"})


def test_an_unknown_endpoint_is_refused(description: Description) -> None:
    with pytest.raises(NotDescribedError, match="no such endpoint"):
        description.check_request("GET", "/nowhere", None)


def test_a_response_that_lacks_a_field_is_refused(description: Description) -> None:
    with pytest.raises(NotDescribedError, match="'url' is a required property"):
        description.check_response("GET", "/gateway", 200, {})


def test_an_error_of_discords_form_passes(description: Description) -> None:
    fault = {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]}
    body = {"code": 50035, "message": "Invalid Form Body", "errors": {"content": fault}}
    description.check_response("POST", MESSAGES, 400, body)


def test_a_status_that_is_not_described_is_refused(description: Description) -> None:
    with pytest.raises(NotDescribedError, match="response 302 is none of"):
        description.check_response("POST", MESSAGES, 302, {})
