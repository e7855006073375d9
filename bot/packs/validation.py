"""Validate packs and sidecars by their schemas, and explain every fault."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.errors import Fault
from bot.packs.references import ENTRY_NOUNS, MAX_SUGGESTIONS, name_entries
from bot.packs.schema import KEBAB, SidecarSchema
from bot.packs.sidecar import UNTIL_THEN
from bot.packs.yaml_source import MAX_SHOWN, format_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from bot.packs.yaml_source import YamlSource

Steps = tuple[str | int, ...]
Schema = TypeVar("Schema", bound=BaseModel)

# The text and the remedy for each of pydantic's error types.
_TEXTS = {
    "pack": ("{named} {what}", "{remedy}"),
    "string_type": ("{named} is {kind}, not text", "{remedy}"),
    "string_too_short": ("{named} is empty", "say something"),
    "string_too_long": ("{named} has {length} characters, at most {max_length}", "shorten it"),
    "string_pattern_mismatch": (
        "{named} is {kind}",
        "{remedy}: a to z, 0 to 9, single hyphens",
    ),
    "enum": ("{named} is {kind}", "use one of {expected}"),
    "bool_type": ("{named} is {kind}", "write true or false, without quotes"),
    "int_type": ("{named} is {kind}, not a whole number", "{remedy}"),
    "tuple_type": ("{named} is {kind}, not a list", "{remedy}"),
    "too_short": ("{named} is an empty list", "give it at least one entry"),
    "too_long": ("{named} has more than {max_length} entries", "shorten the list"),
    "model_type": ("{named} is {kind}, not a mapping", "write 'key: value' lines under it"),
    "dict_type": ("{named} is {kind}, not a mapping", "write 'key: value' lines under it"),
    "greater_than_equal": ("{named} is {kind}", "give at least {ge}"),
    "less_than_equal": ("{named} is {kind}", "give at most {le}"),
}
_LINKS = frozenset(
    {"subject", "about", "quotes", "related", "speaker", "artist", "performers", "main"}
)
_BULLET = re.compile(r"(?:[\u2022\u00b7\u2013\u2014*]|\d+[.)]) ")
_TOO_LARGE = 1e18  # a number with more digits is read as a float, or as infinity
_ANY_OTHER = ("{named} is {kind}", "correct it ({message})")


def validate_schema(
    schema: type[Schema], source: YamlSource, path: Path
) -> Schema | tuple[Fault, ...]:
    """Return the validated document, or all its faults."""
    try:
        return schema.model_validate(source.content)
    except ValidationError as error:
        details = [
            detail
            for detail in error.errors(include_url=False)
            # A list that is too short only because its entries are faulty is no fault of its own;
            # and of a wrong id that refers to nothing, `references` tells what it should be.
            if not (detail["type"] == "too_short" and len(detail["input"]) > 0)
            and not (
                detail["type"] == "string_pattern_mismatch"
                and detail["input"]
                and _is_link(detail["loc"])
            )
        ]
        unwritten = _find_unwritten(details)
        explainer = _Explainer(schema, source)
        return tuple(
            Fault(
                path,
                source.line_at(steps),
                "".join(name_entries(source.content, steps))
                + f" is not written yet: {keys} are empty",
                # In a translation entries stand under their ids, and none may be missing.
                f"write them; {UNTIL_THEN}"
                if isinstance(steps[1], str)
                else f"write them, or delete the {ENTRY_NOUNS[str(steps[0])]}",
            )
            for steps, keys in unwritten.items()
        ) + tuple(
            Fault(
                path,
                source.line_at(detail["loc"]),
                *explainer.explain(detail, is_suggesting=number < MAX_SUGGESTIONS),
            )
            for number, detail in enumerate(details)
            if not (detail["loc"][:2] in unwritten and _is_blank(detail))
        )


def is_valid(kind: Any, value: object) -> bool:
    """Return whether a value fits a schema or annotated type."""
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _find_unwritten(details: Iterable[ErrorDetails]) -> dict[Steps, str]:
    """Return the empty keys of each fact and quote that lacks several."""
    blank: defaultdict[Steps, dict[str, None]] = defaultdict(dict)
    for detail in details:
        if detail["loc"][:1] in {("facts",), ("quotes",)} and _is_blank(detail):
            blank[detail["loc"][:2]][f"'{detail['loc'][2]}'"] = None
    return {steps: " and ".join(keys) for steps, keys in blank.items() if len(keys) > 1}


def _is_blank(detail: ErrorDetails) -> bool:
    is_inside_entry = len(detail["loc"]) > 2  # noqa: PLR2004  # ("facts", 3, "statement")
    return is_inside_entry and detail["type"] != "missing" and detail["input"] in (None, "", ())


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Explains the faults of one document, by its schema."""

    schema: type[BaseModel]
    source: YamlSource

    def explain(self, detail: ErrorDetails, *, is_suggesting: bool) -> tuple[str, str]:
        """Return what is wrong, with its entry, and the remedy."""
        steps = detail["loc"]
        owner = "".join(f"{entry}: " for entry in name_entries(self.source.content, steps))
        field = next((step for step in reversed(steps) if isinstance(step, str)), "the file")
        named = f"an entry of '{field}'" if isinstance(steps[-1], int) else f"'{field}'"
        if detail["type"] != "extra_forbidden":
            what, remedy = self.describe(detail, named)
            return owner + what, remedy
        what = f"{owner}unknown key {format_value(steps[-1])}"
        if not is_suggesting:
            return what, "remove it"
        known = list(self.find_model(steps[:-1]).model_fields)
        near = get_close_matches(str(steps[-1])[:MAX_SHOWN], known, n=1)
        if near:
            return what, f"did you mean '{near[0]}'?"
        if self.schema is SidecarSchema and len(steps) == 1:
            return what, "if it is the id of a fact, put it below 'questions:', two spaces deeper"
        owners = _list_owners(self.schema).get(str(steps[-1]), ())
        if owners:
            *others, last = owners
            where = f"{', '.join(others)} or {last}" if others else last
            return what, f"it belongs to {where}: move it there, or remove it"
        return what, f"remove it; known here: {', '.join(known)}"

    def describe(self, detail: ErrorDetails, named: str) -> tuple[str, str]:
        """Return what is wrong with a value, and the remedy."""
        value = detail["input"]
        if value is None and self.source.is_commented_out(detail["loc"]):
            return f"{named} is empty, for '#' begins a comment", "put the text in quotation marks"
        if detail["type"] == "string_type" and isinstance(value, dict):
            return f"{named} has a colon, and is read as 'key: value'", "put it in quotation marks"
        is_missing, is_text = detail["type"] == "missing", detail["type"] == "string_type"
        if is_missing or (is_text and value is None and isinstance(detail["loc"][-1], str)):
            lack = "missing" if is_missing else "empty"
            return f"{named} is {lack}", self.suggest_adding(detail["loc"])
        if detail["loc"][-1] == "paragraph" and isinstance(value, tuple):
            return f"{named} is a list", "write 'paragraphs:' for several"
        if isinstance(value, float) and abs(value) >= _TOO_LARGE:
            return f"{named} is too large", "write fewer digits"
        if detail.get("ctx", {}).get("what") == "is no date":
            named = f"{named} is {format_value(value)}, which"
        what, remedy = _TEXTS.get(detail["type"], _ANY_OTHER)
        if detail["loc"][-1] == "original":
            remedy = "write aaaaaaaa; the next check tells which"
        parts = {
            "named": named,
            "kind": _describe_value(value),
            "length": len(value) if isinstance(value, str) else 0,
            "message": detail["msg"],
            "remedy": _suggest_form(detail),
            **detail.get("ctx", {}),
        }
        return what.format_map(parts), remedy.format_map(parts)

    def suggest_adding(self, steps: Steps) -> str:
        """Return the remedy for a missing value, with its meaning."""
        field = self.find_model(steps[:-1]).model_fields.get(str(steps[-1]))
        meaning = field.description if field else None
        if not meaning:
            return "add it"
        return f"add it: {meaning[0].lower()}{meaning[1:].removesuffix('.')}"

    def find_model(self, steps: Steps) -> type[BaseModel]:
        """Return the schema's model at a place."""
        model, is_under_ids = self.schema, False
        for step in steps:
            if is_under_ids:  # in a translation, entries stand under their ids
                is_under_ids = False
            elif isinstance(step, str):
                annotation = model.model_fields[step].annotation
                is_under_ids = get_origin(annotation) is dict
                inside = (annotation, *get_args(annotation))
                models = (t for t in inside if isinstance(t, type) and issubclass(t, BaseModel))
                model = next(models, model)
        return model


def _is_link(steps: Steps) -> bool:
    """Return whether a value is the id of another entry."""
    keys = [step for step in steps if isinstance(step, str)]
    return keys[-1] in _LINKS or keys[-2:] == ["tests", "fact"]


def _list_owners(schema: type[BaseModel], owner: str = "") -> dict[str, tuple[str, ...]]:
    """Return the parts of a document that have each key, in words."""
    found: dict[str, tuple[str, ...]] = {}
    for name, field in schema.model_fields.items():
        found[name] = (*found.get(name, ()), owner or "the outermost level")
        noun = ENTRY_NOUNS.get(name)
        part = f"{'an' if noun[0] in 'aeio' else 'a'} {noun}" if noun else f"'{name}'"
        annotations = (field.annotation, *get_args(field.annotation))
        for inner in annotations:
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                for key, owners in _list_owners(inner, part).items():
                    found[key] = (*found.get(key, ()), *owners)
    return found


def _suggest_form(detail: ErrorDetails) -> str:
    """Return how a value of the wrong form is to be written."""
    match detail["type"], detail["input"]:
        case "string_pattern_mismatch", value:
            plain = unicodedata.normalize("NFKD", str(value)).encode("ascii", "ignore").decode()
            words = re.findall(r"[a-z0-9]+", plain.lower())
            remedy = f"write '{'-'.join(words)}'" if words else "write it in-kebab-case"
        case "int_type", value:
            numbers = re.findall(r"\d+", value) if isinstance(value, str) else []
            remedy = "write digits, without quotes"
            if detail["loc"][-1] == "paragraph" and len(numbers) > 1:
                remedy = f"write 'paragraphs: [{', '.join(numbers)}]', each that bears it"
        case "tuple_type", value:
            remedy = _suggest_list(value, detail["loc"])
        case _, tuple():
            remedy = "write one text, without dashes and square brackets"
        case _, None:
            remedy = "write a text, or remove it"
        case _:
            remedy = "put it in quotation marks"
    return remedy


def _suggest_list(value: object, steps: Steps) -> str:
    """Return how a single value is to be written as a list."""
    if steps[-1] == "pronouns":
        return "write [he], [she] or [they]"
    if value is not None and _is_link(steps) and not re.fullmatch(KEBAB, str(value)):
        return "write ids in square brackets: [one-id, another-id]"
    if value is None:
        return "write lines with '- ' below it, or remove the key"
    bullet = _BULLET.match(value) if isinstance(value, str) else None
    if bullet:
        return f"begin each line with '- ' instead of '{bullet[0].strip()}'"
    if re.fullmatch(r"[^\[\]{}:#\"',]{1,40}", str(value)):
        return f"write [{value}], or lines with '- '"
    return "write lines with '- ', or [one, two]"


def _describe_value(value: object) -> str:
    match value:
        case None:
            return "empty"
        case tuple():
            return "a list"
        case dict():
            return "a mapping"
        case bool():
            return str(value).lower()
        case str():
            return f"the text {format_value(value)}"
        case _:
            return format_value(value)
