"""The base of the generated enums: a newer Saleor may say what ours does not know yet."""

from enum import StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """An enum that takes any other text as a member of its own, so that one new word makes no body unreadable."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_, member._value_ = value, value
        return member
