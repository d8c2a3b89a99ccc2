"""``joulebus market run``: a file of operations, and what came of it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from joulebus.cli.market_tables import print_run
from joulebus.cli.output import print_json
from joulebus.errors import MarketError
from joulebus.market.books import Approval, Proposal, approve
from joulebus.market.executor import Executor
from joulebus.market.keys import DEMONSTRATION, read_key
from joulebus.market.opening import Opening
from joulebus.market.runner import FileRun, run_operations
from joulebus.market.store import IN_MEMORY
from joulebus.refusals.system import reason
from joulebus_schemas.market.assets import OpenBooks

AUDIT_SECONDS_MAX = 30
ALL_PROOFS = 1_000_000


@dataclass(frozen=True, slots=True)
class MarketRunOptions:
    """What was asked for."""

    file: Path
    store: str | None
    market: str
    key: Path | None
    epoch_seconds: int
    go_on: bool
    audit: str | None
    json: bool


def run_file(options: MarketRunOptions) -> None:
    """Execute, print, and end with an error when the file was bad.

    Raises:
        MarketError: The file cannot be read, or a line of it is refused.
    """
    done = _run(options)
    if options.json:
        print_json(done.as_json())
    else:
        print_run(done)
    if done.refusals:
        kept = "the other lines were kept" if options.go_on else "nothing of it was booked"
        raise MarketError("\n".join(f"{options.file}: {one}" for one in done.refusals) + f"\n{options.file}: {kept}")


def _run(options: MarketRunOptions) -> FileRun:
    key = DEMONSTRATION if options.key is None else read_key(options.key)
    first = OpenBooks(epoch_seconds=options.epoch_seconds)
    approval = approve if options.audit is None else audited_by(options.audit)
    executor = Executor.open(Opening(options.store or IN_MEMORY, options.market, key, first, approval, proofs_max=ALL_PROOFS))
    try:
        if str(options.file) == "-":
            return run_operations(executor, sys.stdin, options.go_on)
        with options.file.open(encoding="utf-8") as lines:
            return run_operations(executor, lines, options.go_on)
    except (OSError, UnicodeDecodeError) as error:
        raise MarketError(f"the file of operations {options.file} cannot be read: {reason(error)}") from None
    finally:
        executor.close()


def audited_by(command: str) -> Approval:
    """An auditor outside: gets what is to be sealed as JSON, and vetoes by ending with anything but 0."""

    def approval(proposal: Proposal) -> str | None:
        plain = {
            "asset_id": proposal.asset,
            "assets": proposal.assets,
            "epoch": proposal.epoch,
            "document": json.loads(proposal.document or b"null"),
            "hash": proposal.hash,
        }
        try:
            done = subprocess.run(
                command, shell=True, input=json.dumps(plain), capture_output=True, text=True, timeout=AUDIT_SECONDS_MAX, check=False
            )
        except subprocess.TimeoutExpired:
            return f"the auditor did not answer within {AUDIT_SECONDS_MAX} s"
        said = (done.stdout.strip() or done.stderr.strip()).splitlines()
        return None if done.returncode == 0 else said[0] if said else f"the auditor ended with {done.returncode}"

    return approval
