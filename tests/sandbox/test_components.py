"""Components of both generations: what is taken, what is refused and where."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.components.layouts import read_layout, read_rows, walk
from bot.sandbox.components.modals import read_modal
from bot.sandbox.validation import Faults, FieldReader


def faults_in(value: Any, read: Any) -> dict[str, str]:
    """Return the first code at each path."""
    faults = Faults()
    read(FieldReader(value, faults))
    found: dict[str, str] = {}

    def gather(node: dict[str, Any], path: tuple[str, ...]) -> None:
        for key, inside in node.items():
            if key == "_errors":
                found[".".join(path)] = inside[0]["code"]
            else:
                gather(inside, (*path, key))

    gather(faults.errors, ())
    return found


def row(*components: Any) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: str = "a", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "A", "custom_id": custom_id} | more


def text(content: str = "words") -> dict[str, Any]:
    return {"type": 10, "content": content}


def select(**more: Any) -> dict[str, Any]:
    options = [{"label": "One", "value": "1"}]
    return {"type": 3, "custom_id": "s", "options": options} | more


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([row(button())], {}),
        ([row(select())], {}),
        ([row()], {"0.components": "BASE_TYPE_BAD_LENGTH"}),
        ([row(button())] * 6, {"": "BASE_TYPE_MAX_LENGTH"}),
        ([button()], {"0.type": "BASE_TYPE_CHOICES"}),
        ([{}], {"0.type": "BASE_TYPE_REQUIRED"}),
        ([row(text())], {"0.components.0.type": "BASE_TYPE_CHOICES"}),
        (
            [row(button(), button())],
            {"0.components.1.custom_id": "COMPONENT_CUSTOM_ID_DUPLICATED"},
        ),
        ([row(button(label="x" * 81))], {"0.components.0.label": "BASE_TYPE_MAX_LENGTH"}),
        ([row(button("x" * 101))], {"0.components.0.custom_id": "BASE_TYPE_BAD_LENGTH"}),
        (
            [row(button(label=None))],
            {"0.components.0": "BUTTON_COMPONENT_INVALID_EMOJI_OR_LABEL"},
        ),
        ([row(button(style=9))], {"0.components.0.style": "BASE_TYPE_CHOICES"}),
        (
            [row({"type": 2, "style": 5, "label": "x"})],
            {"0.components.0.url": "BASE_TYPE_REQUIRED"},
        ),
        (
            [row(button(), select())],
            {"0.components": "COMPONENT_LAYOUT_WIDTH_EXCEEDED"},
        ),
        (
            [row(select(options=[]))],
            {"0.components.0.options": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            [row(select(options=[{"label": "x", "value": str(n)} for n in range(26)]))],
            {"0.components.0.options": "BASE_TYPE_BAD_LENGTH"},
        ),
        (
            [row(select(options=[{"label": "x", "value": "1"}] * 2))],
            {"0.components.0.options.1.value": "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"},
        ),
        (
            [row(select(min_values=2))],
            {"0.components.0.min_values": "COMPONENT_SELECT_MIN_VALUES_OVER_MAX"},
        ),
    ],
)
def test_rows_are_held_to_discords_limits(rows: list[Any], faults: dict[str, str]) -> None:
    found = faults_in(rows, read_rows)
    assert {path: found.get(path) for path in faults} == faults
    assert bool(found) is bool(faults)


@pytest.mark.parametrize(
    ("layout", "faults"),
    [
        ([text(), row(button())], {}),
        ([text("")], {"0.content": "BASE_TYPE_REQUIRED"}),
        ([text("x" * 2001), text("x" * 2000)], {"": "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"}),
        (
            [{"type": 17, "components": [text() for _ in range(20)]}] * 2,
            {"": "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"},
        ),
        (
            [{"type": 17, "components": [{"type": 17, "components": [text()]}]}],
            {"0.components.0.type": "BASE_TYPE_CHOICES"},
        ),
        (
            [{"type": 9, "components": [text()]}],
            {"0.accessory": "BASE_TYPE_REQUIRED"},
        ),
        (
            [{"type": 9, "components": [text()] * 4, "accessory": button()}],
            {"0.components": "BASE_TYPE_BAD_LENGTH"},
        ),
        ([{"type": 12, "items": []}], {"0.items": "BASE_TYPE_BAD_LENGTH"}),
        (
            [{"type": 13, "file": {"url": "https://example.com/a"}}],
            {"0.file.url": "URL_TYPE_INVALID_SCHEME"},
        ),
        ([text() | {"id": 5}, text() | {"id": 5}], {"1.id": "COMPONENT_ID_DUPLICATED"}),
    ],
)
def test_layouts_are_held_to_discords_limits(layout: list[Any], faults: dict[str, str]) -> None:
    assert faults_in(layout, read_layout) == faults


def test_forty_components_and_four_thousand_characters_are_just_taken() -> None:
    layout = [text("x" * 103) for _ in range(38)] + [row(button())]
    assert faults_in(layout, read_layout) == {}
    assert faults_in([text("x" * 4000)], read_layout) == {}


def test_every_component_is_told_back_with_an_id() -> None:
    section = {"type": 9, "components": [text()], "accessory": button()}
    layout = [{"type": 17, "components": [section, row(button("b"))]}, text() | {"id": 77}]
    read = read_layout(FieldReader(layout, Faults()))
    ids = [each["id"] for each in walk(read)]
    assert len(set(ids)) == 7
    assert 77 in ids


def asking(component: dict[str, Any]) -> dict[str, Any]:
    """Make a form of one labelled input."""
    label = {"type": 18, "label": "L", "component": component}
    return {"custom_id": "m", "title": "t", "components": [label]}


def ticks(*values: str, **more: Any) -> list[dict[str, Any]]:
    return [{"label": value, "value": value} | more for value in values]


INPUT = "components.0.component"


@pytest.mark.parametrize(
    ("modal", "faults"),
    [
        ({"components": []}, {"custom_id", "title", "components"}),
        ({"custom_id": "m", "title": "x" * 46, "components": [text()]}, {"title"}),
        (
            {
                "custom_id": "m",
                "title": "t",
                "components": [row({"type": 4, "custom_id": "a", "style": 1, "label": "A"})],
            },
            set(),
        ),
        (
            {
                "custom_id": "m",
                "title": "t",
                "components": [{"type": 18, "label": "L", "component": button()}],
            },
            {"components.0.component.type"},
        ),
        ({"custom_id": "m", "title": "t", "components": [text()] * 6}, {"components"}),
        (asking({"type": 21, "custom_id": "r", "options": ticks("a")}), {INPUT + ".options"}),
        (asking({"type": 21, "custom_id": "r", "options": ticks("a", "b")}), set()),
        (
            asking({"type": 21, "custom_id": "r", "options": ticks("a", "a")}),
            {INPUT + ".options.1.value"},
        ),
        (
            asking({"type": 21, "custom_id": "r", "options": ticks("a", "b", default=True)}),
            {INPUT + ".options"},
        ),
        (asking({"type": 22, "custom_id": "c", "options": ticks("a")}), set()),
        (
            asking({"type": 22, "custom_id": "c", "options": ticks(*"abcdefghijk")}),
            {INPUT + ".options"},
        ),
        (
            asking({"type": 22, "custom_id": "c", "options": ticks("a"), "min_values": 2}),
            {INPUT + ".min_values"},
        ),
        (asking({"type": 23, "custom_id": "b", "default": "yes"}), {INPUT + ".default"}),
        (asking({"type": 20, "custom_id": "b"}), {INPUT + ".type"}),
    ],
)
def test_forms_are_held_to_discords_limits(modal: Any, faults: set[str]) -> None:
    assert set(faults_in(modal, read_modal)) == faults
