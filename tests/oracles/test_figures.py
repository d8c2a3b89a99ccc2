"""What the length of a tick does: it nets what happens inside of it, and nothing else; README says how much that is of a year."""

import re

from tests.oracles.figures import PAGE, ROOT, made_joules, of_ticks, used_joules

NUMBER = r"([−-]?[\d,]+\.\d+)"


def test_the_length_of_a_tick_nets_what_happens_inside_it_and_nothing_else() -> None:
    second, minute, quarter = (of_ticks(seconds, 2, battery__on=False) for seconds in (1, 60, 900))
    said = [one.as_json() for one in (second, minute, quarter)]
    assert len({used_joules(one) for one in said}) == 1
    assert len({made_joules(one) for one in said}) == 1
    imports = [one["import_joules"] for one in said]
    assert imports == sorted(imports, reverse=True) and imports[2] > 0.9 * imports[0]


def test_readme_says_of_a_year_what_the_figures_say() -> None:
    rows = re.findall(r"^\| (\d+) s \| (yes|no) \|.*\| (-?[\d.]+) \|$", PAGE.read_text(), re.MULTILINE)
    costs = {(int(seconds), battery): float(cost) for seconds, battery, cost in rows}
    [said] = re.findall(
        rf"A year of `house` costs {NUMBER} € at 60 s and\n{NUMBER} € at 900 s; without its battery {NUMBER} € and {NUMBER} €",
        (ROOT / "README.md").read_text(),
    )
    numbers = [float(one.replace("−", "-")) for one in said]
    assert numbers == [costs[60, "yes"], costs[900, "yes"], costs[60, "no"], costs[900, "no"]]


def test_the_tables_have_ten_places_and_rack_roof_and_wall() -> None:
    text = PAGE.read_text()
    assert len(re.findall(r"^\| [A-Z][\w ]+ \| [\d,]+ \| [\d,]+ \| [+-]", text, re.MULTILINE)) == 10
    planes = re.findall(r"^\| [A-Z][\w ]+ \| (rack|roof|wall) \| .*\| ([+-][\d.]+)% \| ([+-][\d.]+)% \|$", text, re.MULTILINE)
    assert len(planes) >= 12 and {plane for plane, _, _ in planes} == {"rack", "roof", "wall"}
    assert all(abs(float(year)) < 1 and abs(float(month)) <= 2 for _, year, month in planes)
