"""The campaigns, short: what is damaged is found, and what is not is sound. CONTRIBUTING.md names the long ones."""

from tests.campaigns.campaign import damages, homes


def test_no_damage_is_accepted_in_silence_and_none_ends_with_a_traceback() -> None:
    figures = damages(seed=11, count=105)
    assert figures.wrong == []
    assert sum(figures.outcomes.values()) == 105
    assert sum(count for (_, outcome), count in figures.outcomes.items() if outcome in ("found", "refused")) > 60


def test_homes_that_nobody_has_damaged_are_sound() -> None:
    assert homes(seed=11, count=20) == []
