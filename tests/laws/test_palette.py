"""A page can show every kind that there is, and draw the form of its properties, from what the home says alone."""

import re

import pytest
from jsonschema import Draft202012Validator

from joulebus.devices import KINDS
from joulebus.errors import RosterError
from joulebus.home.palette import described_kind, listed_kinds
from joulebus.refusals.units import unit_of, without_unit
from tests.real.router import ROOT


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_look_whose_icon_there_is(kind: str) -> None:
    look = listed_kinds().looks[kind]
    constant = "mdi" + "".join(part.capitalize() for part in look.icon.split("-"))
    icons = (ROOT / "ui/node_modules/@mdi/js/mdi.js").read_text()
    assert re.search(rf"\b{constant}\b", icons), f"there is no icon {look.icon}"
    assert look.label[0].isupper() and "_" not in look.label


@pytest.mark.parametrize("kind", KINDS)
def test_each_form_is_a_schema_of_all_properties_and_the_defaults_fit_it(kind: str) -> None:
    found, model = described_kind(kind), KINDS[kind].properties
    Draft202012Validator.check_schema(found.properties)
    fields = found.properties.get("properties", {})
    assert list(fields) == list(model.model_fields)
    for name, field in fields.items():
        assert field["title"] and field["title"][0].isupper() and field.get("unit", "") == unit_of(name), name
        assert "$ref" in str(field) or {"type", "anyOf", "enum", "const", "allOf"} & field.keys(), name
    assert Draft202012Validator(found.properties).is_valid(model().model_dump(mode="json"))


@pytest.mark.parametrize(
    ("name", "title", "unit"),
    [
        ("capacity_kwh", "capacity", "kWh"),
        ("charge_watts_max", "charge_max", "W"),
        ("loss_watts_per_kelvin", "loss", "W/K"),
        ("wind_m_s", "wind", "m/s"),
        ("monthly_ghi_kwh_m2", "monthly_ghi", "kWh/m²"),
        ("litres", "litres", "L"),
        ("timers", "timers", ""),
    ],
)
def test_a_title_is_the_name_without_its_unit(name: str, title: str, unit: str) -> None:
    assert (without_unit(name), unit_of(name)) == (title, unit)


def test_a_kind_that_is_not_there_is_refused_with_a_guess() -> None:
    with pytest.raises(RosterError, match='there is no kind batery; did you mean "battery"'):
        described_kind("batery")


def test_a_hostile_kind_comes_back_in_the_sentence_alone() -> None:
    with pytest.raises(RosterError, match="there is no kind <img onerror"):
        described_kind("<img onerror=alert(1)>")
