"""``joulebus audit``: the books, recomputed; and, where a home has a market, the link between the two. A market alone, too."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from joulebus.audit import AuditReport, Finding, Since, audit, audit_thoroughly
from joulebus.audit.billed import check_bill
from joulebus.audit.marks import read_mark, write_mark
from joulebus.audit.reported import check_report
from joulebus.cli.output import print_json
from joulebus.errors import AuditError
from joulebus.market.alone import markets_alone
from joulebus.market.link import LinkReport, check_link, check_market
from joulebus.rundir import MARKET_DATABASE, state_directory


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What was asked for."""

    source: str
    home: str | None = None
    """Which one, in a database with several."""
    thorough: bool = False
    json: bool = False
    report: Path | None = None
    market: str | None = None
    since: Path | None = None
    bill: Path | None = None


def run_audit(options: AuditOptions) -> None:
    """Audit and print; what was tampered with ends with exit code 1.

    Raises:
        AuditError: The ledger, the market or a number of the report does not agree with the transfers.
    """
    options = replace(options, source=_place(options.source))
    alone = markets_alone(options.source)
    if alone:
        _audit_markets(alone, options)
        return
    report = _audit(options)
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
        _check(options.report, "REPORT", check_report(options.source, options.report, options.home))
    if options.bill is not None:
        _check(options.bill, "BILL", check_bill(options.source, options.bill, options.home))
    if options.since is not None and report.mark is not None:
        write_mark(options.since, report.mark)


def _place(source: str) -> str:
    """A home that has run here may be named; anything else is where it says."""
    named = state_directory() / source
    return str(named) if "://" not in source and not Path(source).exists() and named.is_dir() else source


def _audit(options: AuditOptions) -> AuditReport:
    console = Console(stderr=True)
    bar = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    mark = None if options.since is None else read_mark(options.since)
    with Progress(*bar, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("auditing", total=None)
        since = Since(mark, lambda done, total: progress.update(task, completed=done, total=total))
        return (audit_thoroughly if options.thorough else audit)(options.source, options.home, since)


def _audit_markets(names: list[str], options: AuditOptions) -> None:
    """Markets without a home: their operations and their seals."""
    reports = [check_market(options.source, name) for name in names]
    if options.json:
        print_json({"markets": [asdict(report) for report in reports]})
    else:
        for line in [line for report in reports for line in report.lines()]:
            print(line)
    for report in reports:
        report.demand_sound()


def _link(source: str, report: AuditReport, market: str | None) -> LinkReport | None:
    """The market beside the books, or the one that was named."""
    beside = None if "://" in source else (Path(source) if Path(source).is_dir() else Path(source).parent) / MARKET_DATABASE
    if market is None and (beside is None or not beside.is_file()):
        return None
    return check_link(source, market or str(beside), report.home, report.home)


def _check(file: Path, what: str, findings: list[Finding]) -> None:
    for finding in findings:
        print(f"{what}: {finding.text}")
    if findings:
        raise AuditError(f"every number of {file} must be that of the transfers, but {len(findings)} are not")
    print(f"every number of {file} is that of the transfers")
