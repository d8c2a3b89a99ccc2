"""The report of a run: what its transfers say, summed up by device, by flow pair, by price and along the calendar of its place.

Everything is counted from the transfers of the journal in whole joules; docs/report.md has the definitions. ``joulebus audit --report``
counts the same again in plain Python, without a line of this package.
"""

from joulebus.report.calendar import EVERY, ReportSpan
from joulebus.report.reading import read_rows, report_of
from joulebus.report.result import Report
from joulebus.report.tally import Tally

__all__ = ["EVERY", "Report", "ReportSpan", "Tally", "read_rows", "report_of"]
