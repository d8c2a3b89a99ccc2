"""All findings of an audit, of which it lists some: of those that are alike the first ones, so that a hundred of a kind hide no other."""

import re
from collections.abc import Iterable
from dataclasses import replace

from joulebus.audit.report import Finding
from joulebus_schemas.facts import FINDINGS_MAX

ALIKE_MAX = 5
"""How many findings are listed that say the same of other places."""
_NUMBERS = re.compile(r"[0-9a-f]{64}|\d+")


class FindingList:
    """Counts every finding, and keeps those that are listed."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.count = 0
        self._groups: dict[tuple[object, ...], list[Finding]] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        for finding in findings:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """One more."""
        self.count += 1
        key = (finding.what, finding.accounts, _NUMBERS.sub("#", finding.text))
        if key not in self._groups and len(self._groups) == FINDINGS_MAX:
            return
        group = self._groups.setdefault(key, [])
        self._counts[key] = self._counts.get(key, 0) + 1
        if len(group) < ALIKE_MAX:
            group.append(finding)

    def listed(self) -> tuple[Finding, ...]:
        """The first of each kind, then more of each, up to a limit; in the order in which they were found. The last of a kind says how
        many more there are."""
        chosen: dict[tuple[object, ...], list[Finding]] = {key: [] for key in self._groups}
        left = FINDINGS_MAX
        for place in range(ALIKE_MAX):
            for key, group in self._groups.items():
                if left and place < len(group):
                    chosen[key].append(group[place])
                    left -= 1
        found: list[Finding] = []
        for key, group in chosen.items():
            found += [*group[:-1], replace(group[-1], alike=self._counts[key] - len(group))]
        return tuple(found)
