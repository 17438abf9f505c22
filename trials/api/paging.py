"""Cursors: where a page ends is told by the values that its last row sorts by, so that no row comes twice or is left out when others come
and go between two requests, and the thousandth page costs what the first one does."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from trials.api.rules import Refused

SALT = "trials.api.cursor"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of an ordered list, and the cursor of the next ones, None at the end."""

    rows: list
    next: str | None


def page_of(rows: QuerySet, order: tuple, size: int, cursor: str, kind: str) -> Page:
    """Cut a page of `size` rows out of a queryset.

    `order` gives the keys to sort by, as `order_by` takes them; the last one must tell any two rows apart and be a plain column. `kind`
    names the list and its order: a cursor of another one is refused. Raises Refused for a cursor that we did not give out.
    """
    keys = [_key(item) for item in order]
    names = [f"cursor_{number}" for number in range(len(keys))]
    rows = rows.annotate(**{name: key.expression for name, key in zip(names, keys, strict=True)})
    rows = rows.order_by(
        *(OrderBy(F(name), key.descending, key.nulls_first, key.nulls_last) for name, key in zip(names, keys, strict=True))
    )
    if cursor:
        rows = rows.filter(_after(names, keys, _read(cursor, kind)))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    return Page(found[:size], signing.dumps([kind, [_plain(getattr(last, name)) for name in names]], salt=SALT))


def _key(item) -> OrderBy:
    if isinstance(item, str):
        item = F(item.removeprefix("-")).desc() if item.startswith("-") else F(item).asc()
    return item if isinstance(item, OrderBy) else item.asc()


def _plain(value: Any):
    return value if value is None or isinstance(value, (int, str)) else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(cursor: str, kind: str) -> list:
    try:
        given, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Refused([("cursor", "This is no cursor of ours. Take the address that “next” gives, or leave the cursor out.")]) from error
    if given != kind:
        raise Refused([("cursor", "This cursor belongs to another list or order. Leave it out to start again.")])
    return values


def _after(names: list[str], keys: list[OrderBy], values: list) -> Q:
    """The rows that come after these values; what is not stated (null) comes last in every order."""
    after, same = Q(pk__in=[]), Q()
    for name, key, value in zip(names, keys, values, strict=True):
        if value is not None:
            beyond = Q(**{f"{name}__{'lt' if key.descending else 'gt'}": value})
            after |= same & (beyond | Q(**{f"{name}__isnull": True}) if key.nulls_last else beyond)
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    return after
