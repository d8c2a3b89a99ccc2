"""Every error as one sentence and an exit code: the one place where an error of a library becomes our words.

What joulebus raises itself (``JoulebusError``) is a sentence already. What Typer, pydantic, a database or the operating system
raises says how a library sees it, so only its kind and its place are used here, never its text.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args, get_origin

import typer

from joulebus.errors import JoulebusError
from joulebus.extras import missing
from joulebus.refusals.messages import guess
from joulebus.refusals.system import system_sentence
from joulebus.refusals.typed import comma_advice

USAGE, BUG_EXIT, INTERRUPTED = 2, 70, 130
CORE = "joulebus_core"
"""Our own core: what it refuses is said in our words."""
DEBUG = "JOULEBUS_DEBUG"
"""Set to anything, a bug shows its traceback."""


class Failure(NamedTuple):
    """How a command ends."""

    text: str
    """Empty: nothing is to be said."""
    exit_code: int


def failure(error: BaseException, words: Sequence[str]) -> Failure:
    """How a command that was called with these words ends after an error."""
    if isinstance(error, JoulebusError):
        return Failure(str(error), error.exit_code)
    if type(error).__module__.partition(".")[0] == CORE and isinstance(error, ValueError):
        return Failure(str(error), USAGE)
    if isinstance(error, typer.Exit):
        return Failure("", error.exit_code)
    if isinstance(error, KeyboardInterrupt | typer.Abort | BrokenPipeError):
        return Failure("", INTERRUPTED)
    if isinstance(error, ModuleNotFoundError) and (needed := missing(error.name)) is not None:
        return Failure(str(needed), needed.exit_code)
    if isinstance(error, ValueError) and "\0" in "".join(words):  # No path may hold it; Python says so in many ways.
        return Failure("a command line cannot contain the character NUL", USAGE)
    if isinstance(error, OSError):
        return Failure(system_sentence(error), USAGE)
    if hasattr(error, "format_message"):  # All of Typer's errors, and nothing else that comes here.
        return Failure(*_usage(error, words))
    return Failure(_bug(error), BUG_EXIT)


def _usage(error: Any, words: Sequence[str]) -> tuple[str, int]:
    """A wrong option, argument or command; without a command, its help is the answer."""
    context, kind = error.ctx, type(error).__name__
    command = context.command_path if context is not None else "joulebus"
    if kind == "NoArgsIsHelpError":
        return "", USAGE
    if kind == "MissingParameter":
        text = f"{_name(error.param)} is missing"
    elif kind == "BadParameter":
        text = f"{_name(error.param)} must be {_wanted(error.param)}{_given(error.param, words)}"
    elif kind == "NoSuchOption":
        text = f"there is no option {error.option_name}; {guess(error.option_name, _options(context), 'the options are')}"
    elif kind == "BadOptionUsage":
        flag = any(word.startswith(f"{error.option_name}=") for word in words)
        text = f"{error.option_name} takes no value" if flag else f"{error.option_name} needs a value after it"
    else:
        text = _stray(context, words)
    return f"{text} (see `{command} --help`)", USAGE


def _stray(context: Any, words: Sequence[str]) -> str:
    """A word that is no command of a group, or one argument too many."""
    known = sorted(getattr(context.command, "commands", {}))
    depth = len(context.command_path.split()) - 1
    if known:
        word = next((word for word in words[depth:] if not word.startswith("-")), "")
        return f'there is no command "{word}"; {guess(word, known, "the commands are")}'
    return "too many arguments"


def _name(parameter: Any) -> str:
    options = [one for one in parameter.opts if one.startswith("--")]
    return options[0] if options else f"the argument {str(parameter.name).upper().rstrip('_')}"


def _wanted(parameter: Any) -> str:
    """What a parameter may be."""
    kind, least, most = parameter.type_descriptor.annotation, getattr(parameter, "min", None), getattr(parameter, "max", None)
    if get_origin(kind) is Literal:
        return f"one of {', '.join(map(str, get_args(kind)))}"
    words = {int: "a whole number", float: "a number"}.get(kind, "a value of another form")
    if least is not None and most is not None:
        return f"{words} from {least:g} to {most:g}"
    limits = {"of at least": least, "of at most": most}
    return words + "".join(f" {word} {limit:g}" for word, limit in limits.items() if limit is not None)


def _given(parameter: Any, words: Sequence[str]) -> str:
    for before, word in zip(("", *words), words, strict=False):
        for option in parameter.opts:
            if before == option or word.startswith(f"{option}="):
                said = word if before == option else word.removeprefix(f"{option}=")
                return f', but was "{said}"{comma_advice(said)}'
    return ""


def _options(context: Any) -> list[str]:
    return [option for parameter in context.command.params for option in parameter.opts if option.startswith("--")]


def _bug(error: BaseException) -> str:
    """Something that we did not think of: said in a sentence, too; with the place, so that it can be reported."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error, file=sys.stderr)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "joulebus" in Path(frame.filename).parts] or list(frames)
    where = f" at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"this is a bug of joulebus ({type(error).__name__}{where}); please report it, with the traceback that {DEBUG}=1 prints"
