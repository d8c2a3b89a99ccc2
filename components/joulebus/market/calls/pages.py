"""Answers that stay small: a part of a list, by number and by size."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeVar

from joulebus_schemas.market.base import SHOWN_BESIDE_MAX, MarketPage, MarketWord

ANSWER_CHARACTERS_MAX = 400_000
"""An answer on the bus has at most 1 MiB, and JSON of other alphabets is longer than the text."""

T = TypeVar("T")
Listed = TypeVar("Listed", bound=MarketWord)


def page_of(found: Sequence[T], ask: MarketPage, word: Callable[[T], Listed]) -> tuple[Listed, ...]:
    """The part of a list that is asked for, as words; it ends sooner when they are large, but never at once."""
    return small(word(one) for one in islice(found, ask.first, ask.first + ask.most))


def small(words: Iterable[Listed]) -> tuple[Listed, ...]:
    """As many of them as an answer holds, the first always."""
    kept: list[Listed] = []
    characters = 0
    for one in words:
        characters += size_of(one)
        if kept and characters > ANSWER_CHARACTERS_MAX:
            break
        kept.append(one)
    return tuple(kept)


def size_of(word: MarketWord) -> int:
    """Characters of a word on the bus, nearly."""
    return len(word.model_dump_json())


def first_of_many(texts: Sequence[str], what: str) -> tuple[str, ...]:
    """The first of many sentences, and how many there are more."""
    more = len(texts) - SHOWN_BESIDE_MAX
    return tuple(texts) if more <= 0 else (*texts[:SHOWN_BESIDE_MAX], f"and {more:,} more {what}")
