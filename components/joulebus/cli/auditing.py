"""``joulebus audit``: the books, recomputed; and, where a home has a market, the link between the two."""

from dataclasses import asdict, dataclass
from pathlib import Path

from joulebus.audit import AuditReport, audit, audit_thoroughly
from joulebus.audit.reported import check_report
from joulebus.cli.output import print_json
from joulebus.errors import AuditError
from joulebus.market.link import LinkReport, check_link
from joulebus.rundir import MARKET_DATABASE


@dataclass(frozen=True)
class AuditOptions:
    """What was asked for."""

    source: str
    home: str | None = None
    """Which one, in a database with several."""
    thorough: bool = False
    json: bool = False
    report: Path | None = None
    market: str | None = None


def run_audit(options: AuditOptions) -> None:
    """Audit and print; what was tampered with ends with exit code 1.

    Raises:
        AuditError: The ledger, the market or a number of the report does not agree with the transfers.
    """
    report = (audit_thoroughly if options.thorough else audit)(options.source, options.home)
    link = _link(options.source, report, options.market)
    if options.json:
        print_json(report.as_json() | ({} if link is None else {"market": asdict(link)}))
    else:
        for line in [*report.lines(), *(link.lines() if link else [])]:
            print(line)
    report.demand_sound()
    if link is not None:
        link.demand_sound()
    if options.report is not None:
        _check(options, options.report)


def _link(source: str, report: AuditReport, market: str | None) -> LinkReport | None:
    """The market beside the books, or the one that was named."""
    beside = None if "://" in source else (Path(source) if Path(source).is_dir() else Path(source).parent) / MARKET_DATABASE
    if market is None and (beside is None or not beside.is_file()):
        return None
    return check_link(source, market or str(beside), report.home, report.home)


def _check(options: AuditOptions, file: Path) -> None:
    findings = check_report(options.source, file, options.home)
    for finding in findings:
        print(f"REPORT: {finding.text}")
    if findings:
        raise AuditError(f"every number of {file} must be that of the transfers in {options.source}, but {len(findings)} are not")
    print(f"every number of {file} is that of the transfers")
