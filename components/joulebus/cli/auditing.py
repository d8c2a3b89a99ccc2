"""``joulebus audit``: the books, recomputed."""

from joulebus.audit import audit, audit_thoroughly
from joulebus.cli.main import print_json


def run(source: str, thorough: bool, json_: bool) -> None:
    """Audit and print; what was tampered with ends with exit code 1."""
    report = (audit_thoroughly if thorough else audit)(source)
    if json_:
        print_json(report.as_json())
    else:
        for line in report.lines():
            print(line)
    report.demand_sound()
