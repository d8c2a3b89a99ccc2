"""``joulebus audit``: the books, recomputed."""

from pathlib import Path

from joulebus.audit import audit, audit_thoroughly
from joulebus.audit.reported import check_report
from joulebus.cli.main import print_json
from joulebus.errors import AuditError


def run(source: str, thorough: bool, json_: bool, report_file: Path | None) -> None:
    """Audit and print; what was tampered with ends with exit code 1."""
    report = (audit_thoroughly if thorough else audit)(source)
    if json_:
        print_json(report.as_json())
    else:
        for line in report.lines():
            print(line)
    report.demand_sound()
    if report_file is not None:
        _check(source, report_file)


def _check(source: str, file: Path) -> None:
    findings = check_report(source, file)
    for finding in findings:
        print(f"REPORT: {finding.text}")
    if findings:
        raise AuditError(f"every number of {file} must be that of the transfers in {source}, but {len(findings)} are not")
    print(f"every number of {file} is that of the transfers")
