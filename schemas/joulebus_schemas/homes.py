"""The homes of this machine: those that run, those that are stopped, and examples to begin with."""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.base import Name, Sentence, Word, example

HOMES_MAX = 100
HOME_TEXT_MAX = 500_000
HomeName = Annotated[Name, Field(description="name of a home")]
HOUSE = {"name": "house", "state": "running", "page": "http://127.0.0.1:8080/", "has_books": True, "description": "", "error": None}


class HomeOfMachine(Word):
    """A home of this machine."""

    model_config = example(HOUSE)

    name: HomeName
    state: Annotated[Literal["running", "starting", "stopped"], Field(description="whether it lives")]
    page: Annotated[str | None, Field(max_length=200, description="address of its dashboard, while it runs")] = None
    has_books: Annotated[bool, Field(description="whether it has lived: a start continues it")]
    description: Annotated[str, Field(max_length=300, description="the first line of its file, when that is a comment")] = ""
    error: Annotated[Sentence | None, Field(description="why its last start from here has failed")] = None


class HomeExample(Word):
    """A home to begin with."""

    model_config = example({"name": "house", "description": "A house with sun on three sides of its roof, a battery, and a cheap night."})

    name: HomeName
    description: Annotated[str, Field(max_length=300, description="in one line")]


class HomesListed(Word):
    """All homes of this machine, and the examples."""

    model_config = example({"homes": [HOUSE], "examples": [{"name": "house", "description": "A house with sun"}], "this": "house"})

    homes: Annotated[tuple[HomeOfMachine, ...], Field(strict=False, max_length=10 * HOMES_MAX, description="by name")]
    examples: Annotated[tuple[HomeExample, ...], Field(strict=False, max_length=64, description="by name")]
    this: HomeName


class AskHome(Word):
    """A home of this machine by name."""

    model_config = example({"name": "cottage"})

    name: HomeName


class AskCreateHome(Word):
    """A new home: of an example, of a home file, or with a grid alone."""

    model_config = example({"name": "chalet", "example": "house", "yaml": None})

    name: Annotated[Name, Field(description="a name that no home of this machine has")]
    example: Annotated[Name | None, Field(description="one of the examples")] = None
    yaml: Annotated[str | None, Field(max_length=HOME_TEXT_MAX, description="a home file; its name is replaced")] = None


class AskCopyHome(Word):
    """A new home like another one, as that is at this moment; without its past."""

    model_config = example({"name": "house", "to": "cottage"})

    name: HomeName
    to: Annotated[Name, Field(description="a name that no home of this machine has")]


class AskDeleteHome(Word):
    """Delete a home with all of its books."""

    model_config = example({"name": "cottage", "confirm": "cottage"})

    name: HomeName
    confirm: Annotated[str, Field(max_length=64, description="its name again, typed by a person")]
