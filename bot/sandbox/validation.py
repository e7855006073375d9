"""Read a JSON body field by field and collect every fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.sandbox import errors

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from bot.sandbox.wire import Json

_SNOWFLAKE = re.compile(r"0|[1-9][0-9]{0,19}")


class Faults:
    """The faults found so far, in Discord's nested form."""

    def __init__(self) -> None:
        self.errors: Json = {}

    def add(self, path: tuple[str, ...], code: str, message: str) -> None:
        """Note a fault at a path."""
        node = self.errors
        for step in path:
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def raise_if_any(self) -> None:
        """Raise error 50035 when anything was found."""
        if self.errors:
            raise errors.invalid_form(self.errors)


class FieldReader:
    """A value in a body together with where it stands; absent values are None."""

    def __init__(self, value: Any, faults: Faults, path: tuple[str, ...] = ()) -> None:
        self.value = value
        self.faults = faults
        self.path = path

    def __getitem__(self, key: str) -> FieldReader:
        """Return the reader below, whether or not something stands there."""
        inside = self.value.get(key) if isinstance(self.value, dict) else None
        return FieldReader(inside, self.faults, (*self.path, key))

    def __contains__(self, key: str) -> bool:
        """Say whether the key was given, null or not."""
        return isinstance(self.value, dict) and key in self.value

    @property
    def given(self) -> bool:
        """Say whether anything but null stands here."""
        return self.value is not None

    def fault(self, code: str, message: str) -> None:
        """Note that this value is wrong."""
        self.faults.add(self.path, code, message)

    def require(self) -> bool:
        """Note a fault unless something stands here."""
        if not self.given:
            self._is_missing()
        return self.given

    def items(self, *, most: int, least: int = 0) -> Iterator[FieldReader]:
        """Yield the readers of a list, noting a wrong type or length."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            self.fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(self.value) <= most:
            self._bad_length(least, most)
        for index, each in enumerate(self.value):
            yield FieldReader(each, self.faults, (*self.path, str(index)))

    def text(self, *, most: int, least: int = 0, required: bool = False) -> str | None:
        """Read a string of a length in characters."""
        if self.value is None:
            if required:
                self.require()
            return None
        if not isinstance(self.value, str):
            self.fault("STRING_TYPE_CONVERT", f'Could not interpret "{self.value}" as string.')
            return None
        if required and not self.value:
            self._is_missing()
        elif not least <= len(self.value) <= most:
            self._bad_length(least, most)
        return self.value

    def number(self, *, low: int, high: int) -> int | None:
        """Read a whole number between bounds."""
        if self.value is None:
            return None
        number = self.value
        if isinstance(number, str) and number.isdecimal():
            number = int(number)
        if isinstance(number, bool) or not isinstance(number, int):
            self.fault("NUMBER_TYPE_COERCE", f'Value "{self.value}" is not int.')
            return None
        if number < low:
            self.fault("NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        if number > high:
            self.fault("NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        return number

    def flag(self) -> bool | None:
        """Read a boolean."""
        if self.value is None:
            return None
        if not isinstance(self.value, bool):
            self.fault("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return None
        return self.value

    def one_of(self, allowed: Collection[int]) -> int | None:
        """Read one of a few numbers."""
        if self.value is None:
            return None
        if isinstance(self.value, bool) or self.value not in allowed:
            listed = ", ".join(str(each) for each in sorted(allowed))
            self.fault("BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
            return None
        return int(self.value)

    def snowflake(self) -> int | None:
        """Read an id."""
        if self.value is None:
            return None
        if not _SNOWFLAKE.fullmatch(str(self.value)):
            self.fault("NUMBER_TYPE_COERCE", f'Value "{self.value}" is not snowflake.')
            return None
        return int(self.value)

    def url(self, *, most: int = 2048, schemes: Collection[str] = ("http", "https")) -> str | None:
        """Read an address of one of the schemes."""
        address = self.text(most=most)
        if address is None:
            return None
        scheme, netloc, *_ = urlsplit(address)
        if scheme not in schemes:
            listed = ", ".join(f"'{each}'" for each in schemes)
            self.fault(
                "URL_TYPE_INVALID_SCHEME",
                f'Scheme "{scheme}" is not supported. Scheme must be one of ({listed}).',
            )
        elif not netloc or (scheme != "attachment" and "." not in netloc and ":" not in netloc):
            self.fault("URL_TYPE_INVALID_URL", "Not a well formed URL.")
        return address

    def _is_missing(self) -> None:
        self.fault("BASE_TYPE_REQUIRED", "This field is required")

    def _bad_length(self, least: int, most: int) -> None:
        if least:
            message = f"Must be between {least} and {most} in length."
        else:
            message = f"Must be {most} or fewer in length."
        self.fault("BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", message)
