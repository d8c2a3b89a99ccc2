"""Whose key has signed a certificate: without that, it proves only that nobody has changed it since."""

from joulebus.errors import JoulebusError, UnprovenError
from joulebus.market.keys import DEMONSTRATION, KEY_FILE, public_of, read_key
from joulebus.rundir import state_directory

DEMONSTRATION_KEY = public_of(DEMONSTRATION)


def whose_key(public_key: str, given: str | None) -> str:
    """Why a key is believed, in a sentence: it was given, or it is that of a home of this user.

    Raises:
        UnprovenError: Nothing says whose key it is, or everybody has it.
    """
    if given is not None:
        return "its key is the one that was given"
    if public_key == DEMONSTRATION_KEY:
        raise UnprovenError(
            "the certificate proves nothing: it is signed with the demonstration key, which everybody has; "
            "`joulebus market run --key FILE` signs with a key of your own"
        )
    for path in sorted(state_directory().glob(f"*/{KEY_FILE}")):
        try:
            is_it = public_of(read_key(path)) == public_key
        except JoulebusError:
            continue  # Not a key that anything here signs with.
        if is_it:
            return f"its key is that of {path.parent.name}, a home of yours"
    raise UnprovenError(
        "nobody has changed the certificate, but nothing says whose key it is: give the key of the market "
        "(`joulebus market call books.state` shows it there) with --key"
    )
