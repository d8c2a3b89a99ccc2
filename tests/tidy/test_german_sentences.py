"""What services say to a page, the dashboard says in German: each sentence that is in their code, and none that is not."""

import json
import re

import pytest

from tests.tidy.conftest import ROOT
from tests.tidy.said import CORE_UNHEARD, UNHEARD, numbered, sentences
from tests.tidy.test_german import CASES

FILE = "ui/src/locale/de.sentences.json"
GERMAN: dict[str, str] = json.loads((ROOT / FILE).read_text())
EXAMPLES = [one["english"] for one in [*CASES["kinds"], *CASES["home"]]]
"""What is said by the forms in refusals*.ts, which the dashboard's own tests ask for."""

BY_FORM = {"{}: unknown property of {}; {}"}
"""Said by a form of refusals.ts with each of its endings."""


def has_a_form(sentence: str) -> bool:
    """Whether refusals*.ts says it, because there is an example of it; what to do may be said in several ways, and one proves nothing."""
    if sentence.endswith("; {}") and sentence not in BY_FORM:
        return False
    pattern = "(.+)".join(map(re.escape, sentence.split("{}")))
    return any(re.fullmatch(pattern, example, re.DOTALL) for example in EXAMPLES)


SAID = {numbered(form): place for form, place in sentences().items() if not has_a_form(form)}


def test_each_sentence_of_a_service_has_a_german_one() -> None:
    lines = [f"  {json.dumps(text)}: {json.dumps('')},  said at {place}" for text, place in sorted(SAID.items()) if not GERMAN.get(text)]
    assert not lines, "\n".join([f"{FILE} lacks the German of these; add them (node tools/translations.mjs --sort sorts):", *lines])


def test_no_german_sentence_is_left_over() -> None:
    lines = [f"  {json.dumps(text)}" for text in sorted(GERMAN.keys() - SAID.keys())]
    assert not lines, "\n".join([f"{FILE} has sentences that nobody says any more; remove or rename them:", *lines])


def test_german_sentences_are_sorted() -> None:
    assert list(GERMAN) == sorted(GERMAN, key=lambda text: text.encode("utf-16-be")), "node tools/translations.mjs --sort sorts them"


@pytest.mark.parametrize(("english", "german"), list(GERMAN.items()))
def test_a_german_sentence_fills_in_the_same_and_keeps_names_and_commands(english: str, german: str) -> None:
    parts = [set(re.findall(r"\{\d\}", text)) for text in (english, german)]
    assert parts[1] <= parts[0], f"only what the English sentence fills in can stand in the German one: {german}"
    for kept in (r"`[^`]+`", r"\w+_\w+", r"\w+\.[a-z_]{3,}\b"):
        assert set(re.findall(kept, german)) == set(re.findall(kept, english)), f"names and commands stay as they are: {german}"


def test_modules_that_no_page_hears_are_there() -> None:
    places = [f"components/joulebus/{place}" for place in UNHEARD] + [f"components/core/market/src/{name}.rs" for name in CORE_UNHEARD]
    assert not [place for place in places if not (ROOT / place).is_file()], "tests/tidy/said.py names modules that are no more"
