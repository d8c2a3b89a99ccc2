"""The counting alone, in Rust: the ledger with its seals beside a plain loop over the same integers, in one run."""

import subprocess
from pathlib import Path

DAYS = 20


def main() -> None:
    """Build quietly, then run; the example asserts that both count the same joules."""
    core = Path("components/core")
    argv = ["cargo", "run", "--quiet", "--release", "--locked", "--package", "joulebus-ledger", "--example", "plain", str(DAYS)]
    done = subprocess.run(argv, cwd=core, capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        print(f"counting: {line}{'; aim: at most 3' if line.startswith('ratio') else ''}")


if __name__ == "__main__":
    main()
