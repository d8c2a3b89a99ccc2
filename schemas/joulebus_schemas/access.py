"""Who may come into a home beside its components: people and their programs, asked for by its admin."""

from typing import Annotated, Literal

from pydantic import Field

from joulebus_schemas.base import Name, Natural, Word, example

PEOPLE_MAX, SESSIONS_LISTED_MAX = 1_000, 1_000
PersonName = Annotated[Name, Field(description="name of a person or a program")]
ANNA: dict[str, object] = {"name": "anna", "role": "operator", "devices": [], "expires": None, "is_expired": False, "has_password": True}

PAGE: dict[str, object] = {"session": 3_511_722_164, "principal": "house/~anna", "role": "operator", "since_unix_seconds": 1_782_034_200}


class PersonListed(Word):
    """Somebody who may come in; no secrets."""

    model_config = example(ANNA)

    name: PersonName
    role: Annotated[Name, Field(description="what they may do")]
    devices: Annotated[tuple[Name, ...], Field(strict=False, max_length=1_000, description="those that a controller may set")] = ()
    expires: Annotated[str | None, Field(max_length=40, description="when it ends, ISO 8601 in UTC; null: never")] = None
    is_expired: Annotated[bool, Field(description="whether it has ended")] = False
    has_password: Annotated[bool, Field(description="whether they can sign in on a page with a password")] = False


class PeopleListed(Word):
    """All who may come in."""

    model_config = example({"people": [ANNA]})

    people: Annotated[tuple[PersonListed, ...], Field(strict=False, max_length=PEOPLE_MAX, description="by name")]


class AskGiveAccess(Word):
    """An address of the dashboard that lets somebody in once; they are added when there is nobody of that name."""

    model_config = example({"name": "anna", "role": "operator"})

    name: PersonName
    role: Annotated[Literal["viewer", "operator", "trader", "admin"], Field(description="what they may do")]


class AccessGiven(Word):
    """The address; whoever opens it first, within an hour, is that person."""

    model_config = example({"name": "anna", "role": "operator", "page": "http://127.0.0.1:8080/#house/~anna/SECRET"})

    name: PersonName
    role: Annotated[Name, Field(description="what they may do")]
    page: Annotated[str, Field(max_length=400, description="address of the dashboard; it is shown once, and kept nowhere")]


class AskRevokeAccess(Word):
    """Somebody who may come in no more."""

    model_config = example({"name": "anna"})

    name: PersonName


class SessionListed(Word):
    """Somebody who is joined to the bus: a person, a program or a part of the home."""

    model_config = example(PAGE)

    session: Annotated[Natural, Field(description="number of the session, as messages of the bus name it")]
    principal: Annotated[str, Field(max_length=128, description="home and name, such as house/~anna")]
    role: Annotated[Name, Field(description="what they may do")]
    since_unix_seconds: Annotated[Natural, Field(description="when they came, by the clock on the wall")]


class SessionsListed(Word):
    """All who are joined to the bus."""

    model_config = example({"sessions": [PAGE]})

    sessions: Annotated[
        tuple[SessionListed, ...], Field(strict=False, max_length=SESSIONS_LISTED_MAX, description="the last who came first")
    ]
