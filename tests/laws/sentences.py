"""Which test shows that a property does what its help says."""

import ast
from functools import lru_cache
from pathlib import Path

from joulebus.devices import KINDS

TESTS = Path(__file__).resolve().parents[1]


def properties_of_kinds() -> list[str]:
    """Each property of each kind, as kind.property."""
    return [f"{kind}.{name}" for kind, device in sorted(KINDS.items()) for name in device.properties.model_fields]


def is_test(name: str) -> bool:
    """Whether there is a test of this name, as file::function."""
    path, _, function = name.partition("::")
    return function in _functions(path)


@lru_cache(maxsize=64)
def _functions(path: str) -> set[str]:
    return {node.name for node in ast.parse((TESTS / path).read_text()).body if isinstance(node, ast.FunctionDef)}


def told_by(place: str) -> str:
    """All that a test says: its own lines, and the tables, helpers and home files of its module that it uses."""
    path, _, function = place.partition("::")
    text = (TESTS / path).read_text()
    there = {name: node for node in ast.parse(text).body for name in _names_of(node)}
    wanted, seen, told = [function], set[str](), ""
    while wanted:
        name = wanted.pop()
        if name in seen or name not in there:
            continue
        seen.add(name)
        told += ast.get_source_segment(text, there[name]) or ""
        for node in ast.walk(there[name]):
            wanted += [node.id] if isinstance(node, ast.Name) else [node.arg] if isinstance(node, ast.arg) else []
        decorators = getattr(there[name], "decorator_list", [])
        told += "".join(ast.get_source_segment(text, one) or "" for one in decorators)
    return told + "".join(file.read_text() for file in (TESTS / "cases/home").glob("*.yaml") if f'"{file.stem}"' in told)


def _names_of(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


SENTENCES: dict[str, str] = {
    "appliance.power_watts": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.standby_watts": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.timers": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.jitter_minutes": "laws/test_settings_of_files.py::test_jitter_minutes_move_when_it_is_switched_on_and_no_further",
    "appliance.duty_percent": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.duty_period_seconds": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.program": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.starts": "tables/test_appliance.py::test_a_day_of_an_appliance_adds_up",
    "appliance.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "baseload.annual_kwh": "laws/test_settings_do.py::test_annual_kwh_is_proportional",
    "baseload.csv_path": "tables/test_baseload.py::test_a_file_takes_the_place_of_the_household_and_begins_again_after_its_end",
    "baseload.csv_column": "tables/test_baseload.py::test_a_file_takes_the_place_of_the_household_and_begins_again_after_its_end",
    "baseload.csv_unit": "laws/test_settings_of_files.py::test_the_numbers_of_a_load_are_of_the_unit_that_is_said",
    "baseload.csv_other_unit": "laws/test_settings_of_files.py::test_the_numbers_of_a_load_are_of_the_unit_that_is_said",
    "baseload.csv_step_seconds": "cases/test_loads.py::test_a_profile_follows_the_clock_on_the_wall_when_it_is_said_to",
    "baseload.csv_time_column": "tables/test_baseload.py::test_the_first_row_has_a_place_in_time",
    "baseload.csv_clock": "cases/test_loads.py::test_a_profile_follows_the_clock_on_the_wall_when_it_is_said_to",
    "baseload.csv_stamps": "laws/test_settings_of_files.py::test_csv_stamps_say_which_end_of_a_row_a_time_is",
    "baseload.csv_dates": "cases/test_loads.py::test_doubt_is_refused_and_says_what_to_say",
    "baseload.csv_decimal": "cases/test_loads.py::test_doubt_is_refused_and_says_what_to_say",
    "baseload.csv_begins": "tables/test_baseload.py::test_the_first_row_has_a_place_in_time",
    "baseload.csv_sha256": "laws/test_settings_of_files.py::test_csv_sha256_is_of_the_file_that_is_meant",
    "baseload.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "battery.capacity_kwh": "tables/test_battery.py::test_ten_minutes_of_a_battery",
    "battery.minimum_percent": "tables/test_battery.py::test_ten_minutes_of_a_battery",
    "battery.maximum_percent": "cases/test_homes.py::test_the_target_is_the_grids_and_the_sun_fills_the_rest",
    "battery.initial_percent": "laws/test_settings_do.py::test_sleeps_at_minimum_ends_the_standby_of_an_empty_battery",
    "battery.charge_watts_max": "tables/test_battery.py::test_ten_minutes_of_a_battery",
    "battery.discharge_watts_max": "tables/test_battery.py::test_ten_minutes_of_a_battery",
    "battery.charge_efficiency_percent": "tables/test_battery.py::test_charging_and_discharging_lose_their_share_and_nothing_else",
    "battery.discharge_efficiency_percent": "tables/test_battery.py::test_charging_and_discharging_lose_their_share_and_nothing_else",
    "battery.standby_watts": "laws/test_settings_do.py::test_standby_watts_are_lost_always",
    "battery.sleeps_at_minimum": "laws/test_settings_do.py::test_sleeps_at_minimum_ends_the_standby_of_an_empty_battery",
    "battery.priority": "laws/test_settings_do.py::test_the_battery_of_the_highest_priority_is_used_first",
    "battery.coupling": "laws/test_settings_of_cars.py::test_with_coupling_ac_a_battery_is_not_behind_the_inverter",
    "battery_program.strategy": "tables/test_battery_program.py::test_what_is_decided",
    "battery_program.reserve_percent": "tables/test_battery_program.py::test_reserve_and_limit_for_peaks_are_passed_on",
    "battery_program.peak_watts_max": "tables/test_battery_program.py::test_reserve_and_limit_for_peaks_are_passed_on",
    "battery_program.charge_target_percent": "tables/test_battery_program.py::test_cheap_hours_charge_up_to_charge_target_percent_at_most",
    "car.capacity_kwh": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.initial_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.target_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.minimum_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.charge_watts_max": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.charge_curve": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.discharge_watts_max": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.phase_count": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.charge_efficiency_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.discharge_efficiency_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.standby_watts": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.consumption_wh_per_km": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.trips": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car.plugged_in": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "car_program.target_percent": "tables/test_car_program.py::test_charging_ends_at_the_target_or_at_what_a_trip_needs",
    "car_program.minimum_percent": "tables/test_car_program.py::test_what_is_decided",
    "car_program.ready_by": "tables/test_car_program.py::test_what_is_decided",
    "car_program.peak_watts_max": "tables/test_car_program.py::test_what_is_decided",
    "car_program.amps_max": "tables/test_car_program.py::test_what_is_decided",
    "car_program.follows_trips": "tables/test_car_program.py::test_what_is_decided",
    "car_program.calendar_file": "tables/test_car_program.py::test_a_calendar_says_who_must_have_how_much_when",
    "car_program.all_day_hour": "tables/test_car_program.py::test_a_calendar_says_who_must_have_how_much_when",
    "charger.amps": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.phase_count": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.pause": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.energy_limit_wh": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.surplus_only": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.discharge_watts_max": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.efficiency_percent": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.volts": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.shedding_priority": "laws/test_settings_of_cars.py::test_a_setting_of_a_car_moves_what_it_names",
    "charger.api_port": "stories/test_charger_api.py::test_software_for_an_nrgkick_charges_a_car",
    "charger.api_password_file": "stories/test_charger_api.py::test_a_password_is_asked_for_where_there_is_one",
    "charger.switch_pause_seconds": "tables/test_charger.py::test_other_phases_are_switched_while_nothing_flows",
    "foreign.take_watts_max": "tables/test_foreign.py::test_what_is_more_than_it_may_is_refused_with_a_sentence",
    "foreign.give_watts_max": "tables/test_foreign.py::test_what_is_more_than_it_may_is_refused_with_a_sentence",
    "foreign.shedding_priority": "tables/test_foreign.py::test_what_is_more_than_it_may_is_refused_with_a_sentence",
    "foreign.settings": "tables/test_foreign.py::test_it_changes_its_settings_and_nothing_else",
    "fridge.power_watts": "tables/test_fridge.py::test_it_is_as_cold_as_its_compressor_can",
    "fridge.setpoint_celsius": "tables/test_fridge.py::test_the_compressor_runs_in_the_exact_seconds",
    "fridge.deadband_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "fridge.ambient_celsius": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "fridge.loss_watts_per_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "fridge.heat_capacity_joules_per_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "fridge.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "fridge.cop_percent": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.litres": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.power_watts": "tables/test_geyser.py::test_half_the_power_warms_half_as_fast",
    "geyser.setpoint_celsius": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.deadband_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.timers": "tables/test_geyser.py::test_timers_keep_it_off",
    "geyser.draws": "tables/test_geyser.py::test_as_many_litres_run_as_people_draw",
    "geyser.inlet_celsius": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.ambient_celsius": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.loss_watts_per_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "geyser.initial_celsius": "tables/test_geyser.py::test_another_tank_takes_over_the_temperature",
    "geyser.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "grid.connected": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.import_limit_watts": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.export_limit_watts": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.import_euro_per_kwh": "laws/test_settings_of_files.py::test_one_price_holds_always",
    "grid.import_rates": "tables/test_grid.py::test_each_tick_has_the_price_of_its_start",
    "grid.import_prices_from": "laws/test_settings_of_files.py::test_a_list_of_prices_holds_from_its_moments_on",
    "grid.export_euro_per_kwh": "laws/test_settings_of_files.py::test_one_price_holds_always",
    "grid.export_rates": "laws/test_following_prices.py::test_nothing_is_exported_at_a_loss",
    "grid.export_prices_from": "laws/test_settings_of_files.py::test_a_list_of_prices_holds_from_its_moments_on",
    "grid.import_prices_file": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.import_prices_column": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.import_prices_unit": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.export_prices_file": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.export_prices_column": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.export_prices_unit": "laws/test_settings_of_files.py::test_a_file_of_prices_is_read_by_its_column_and_its_unit",
    "grid.prices_time_column": "cases/test_prices.py::test_prices_in_doubt_are_refused",
    "grid.prices_clock": "cases/test_prices.py::test_a_day_of_25_hours_costs_what_each_of_its_quarters_costs",
    "grid.outages": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.currency": "planning/test_report.py::test_a_report_knows_outages_darkness_and_the_currency_of_the_place",
    "grid.daily_outages": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.load_shedding_stage": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.load_shedding_changes": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.load_shedding_area": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "grid.switching_minutes": "tables/test_grid.py::test_limits_hold_for_as_many_seconds_as_the_grid_is_there",
    "inverter.rating_watts": "tables/test_inverter.py::test_a_curve_gives_what_its_model_gives",
    "inverter.curve": "tables/test_inverter.py::test_a_curve_gives_what_its_model_gives",
    "inverter.pvwatts_version": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "inverter.efficiency_percent": "tables/test_inverter.py::test_a_curve_gives_what_its_model_gives",
    "inverter.sandia": "tables/test_inverter.py::test_a_curve_gives_what_its_model_gives",
    "inverter.night_watts": "laws/test_settings_do.py::test_idle_from_battery_draws_night_watts_without_a_grid",
    "inverter.charge_watts_max": "laws/test_settings_do.py::test_charge_watts_max_is_what_the_inverter_turns_into_charge",
    "inverter.charge_efficiency_percent": "laws/test_settings_do.py::test_charge_efficiency_percent_is_of_turning_ac_into_charge",
    "inverter.priority": "cases/test_homes.py::test_a_sun_that_charges_first_leaves_the_loads_to_the_grid",
    "inverter.charge_from_sun": "tables/test_inverter.py::test_a_policy_changes_where_any_of_its_times_does",
    "inverter.charge_from_grid": "tables/test_inverter.py::test_times_follow_the_clock_on_the_wall",
    "inverter.discharge": "laws/test_settings_do.py::test_above_import_cap_watts_the_battery_helps_and_then_loads_are_shed",
    "inverter.reserve_percent": "laws/test_settings_do.py::test_restore_reserve_charges_up_to_the_reserve_from_the_grid",
    "inverter.reserve_during": "laws/test_settings_do.py::test_reserve_during_is_when_the_reserve_is_kept",
    "inverter.restore_reserve": "laws/test_settings_do.py::test_restore_reserve_charges_up_to_the_reserve_from_the_grid",
    "inverter.charge_target_percent": "cases/test_homes.py::test_the_target_is_the_grids_and_the_sun_fills_the_rest",
    "inverter.charge_below_euro_per_kwh": "laws/test_following_prices.py::test_the_grid_charges_below_a_price",
    "inverter.charge_cheapest_hours": "laws/test_following_prices.py::test_the_grid_charges_in_the_cheapest_hours_of_each_day",
    "inverter.discharge_from_euro_per_kwh": "laws/test_following_prices.py::test_the_battery_serves_only_from_a_price_on",
    "inverter.export_from_euro_per_kwh": "laws/test_following_prices.py::test_nothing_is_exported_at_a_loss",
    "inverter.sell_from_euro_per_kwh": "laws/test_following_prices.py::test_the_battery_sells_from_a_price_on_down_to_the_reserve",
    "inverter.export_limit_watts": "laws/test_settings_do.py::test_export_limit_watts_is_what_goes_to_the_grid_at_most",
    "inverter.import_cap_watts": "laws/test_settings_do.py::test_above_import_cap_watts_the_battery_helps_and_then_loads_are_shed",
    "inverter.backup_only": "laws/test_settings_do.py::test_backup_only_keeps_the_battery_for_outages",
    "inverter.island_operation": "laws/test_settings_do.py::test_island_operation_serves_the_home_while_the_grid_is_out",
    "inverter.outlet": "cases/test_homes.py::test_a_grid_tied_inverter_without_a_battery_goes_dark_unless_it_has_an_outlet",
    "inverter.idle_from_battery": "laws/test_settings_do.py::test_idle_from_battery_draws_night_watts_without_a_grid",
    "inverter.shed_above_import_cap": "laws/test_settings_do.py::test_without_shed_above_import_cap_the_grid_serves_the_rest",
    "lights.power_watts": "tables/test_lights.py::test_a_day_of_light_follows_power_and_brightness",
    "lights.timers": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "lights.jitter_minutes": "laws/test_settings_of_files.py::test_jitter_minutes_move_when_it_is_switched_on_and_no_further",
    "lights.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "lights.brightness_percent": "tables/test_lights.py::test_a_day_of_light_follows_power_and_brightness",
    "meter.day_windows": "tables/test_meter.py::test_day_windows_and_holidays_decide",
    "meter.holidays": "tables/test_meter.py::test_day_windows_and_holidays_decide",
    "meter.serial_number": "meter/test_telegram.py::test_what_the_operator_sets_is_shown",
    "meter.ean": "meter/test_telegram.py::test_what_the_operator_sets_is_shown",
    "meter.message": "meter/test_telegram.py::test_what_the_operator_sets_is_shown",
    "meter.nominal_volts": "meter/test_telegram.py::test_what_the_operator_sets_is_shown",
    "meter.water_serial_number": "meter/test_water.py::test_a_telegram_says_the_litres_and_others_read_them",
    "meter.telegram_port": "stories/test_meter.py::test_a_meter_lives_with_its_home_and_goes_on_when_it_is_killed",
    "meter.telegram_terminal": "stories/test_meter.py::test_a_meter_lives_with_its_home_and_goes_on_when_it_is_killed",
    "meter.things_port": "stories/test_things.py::test_programs_of_the_predecessor_hear_ask_and_set",
    "meter.things_from": "stories/test_things.py::test_programs_of_the_predecessor_hear_ask_and_set",
    "meter.peak_watts_max": "meter/test_living.py::test_the_quarter_hour_says_what_comes_and_warns_once",
    "oven.power_watts": "tables/test_oven.py::test_an_oven_bakes_when_somebody_wants_it_to",
    "oven.setpoint_celsius": "tables/test_oven.py::test_a_new_set_point_holds_at_once",
    "oven.deadband_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "oven.ambient_celsius": "tables/test_oven.py::test_an_oven_bakes_when_somebody_wants_it_to",
    "oven.loss_watts_per_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "oven.heat_capacity_joules_per_kelvin": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "oven.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "oven.timers": "tables/test_oven.py::test_an_oven_bakes_when_somebody_wants_it_to",
    "panel.peak_watts": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.volts": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.amps": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.module_count": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.module_watts": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.area_m2": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.efficiency_percent": "tables/test_panel.py::test_a_capacity_may_be_said_in_many_ways",
    "panel.tilt_degrees": "tables/test_panel.py::test_more_sun_never_gives_less",
    "panel.azimuth_degrees": "tables/test_panel.py::test_more_sun_never_gives_less",
    "panel.temperature_coefficient_percent_per_kelvin": "tables/test_panel.py::test_the_golden_moment_over_johannesburg_comes_out",
    "panel.losses_percent": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "panel.albedo": "laws/test_settings_do.py::test_a_setting_moves_what_it_names",
    "panel.mounting": "tables/test_panel.py::test_cells_warm_as_their_mounting_lets_them",
    "panel.model": "oracles/test_pvwatts_year.py::test_rack_roof_and_wall_yield_what_version_8_says_of_a_field_without_rows",
    "panel.shedding_priority": "laws/test_settings_do.py::test_the_panel_of_the_lowest_priority_is_curtailed_first",
    "sun.irradiance_percent": "tables/test_sun.py::test_a_weaker_sun_shines_in_proportion",
    "sun.position_shift_minutes": "tables/test_sun.py::test_a_shifted_sun_stands_where_it_will_stand_later",
    "tv.power_watts": "tables/test_tv.py::test_an_evening_and_standby_add_up",
    "tv.timers": "tables/test_tv.py::test_an_evening_and_standby_add_up",
    "tv.jitter_minutes": "laws/test_settings_of_files.py::test_jitter_minutes_move_when_it_is_switched_on_and_no_further",
    "tv.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "tv.standby_watts": "tables/test_tv.py::test_an_evening_and_standby_add_up",
    "washing_machine.program": "tables/test_washing_machine.py::test_a_program_runs_from_its_start_to_its_end",
    "washing_machine.starts": "tables/test_washing_machine.py::test_a_program_runs_from_its_start_to_its_end",
    "washing_machine.retry_seconds": "laws/test_settings_do.py::test_retry_seconds_is_how_long_a_program_waits_after_it_went_without",
    "washing_machine.water_litres": "meter/test_water.py::test_litres_are_exact_for_any_cutting",
    "washing_machine.shedding_priority": "laws/test_settings_do.py::test_the_lowest_shedding_priority_is_shed_first",
    "weather.source": "tables/test_weather.py::test_air_and_wind_set_by_hand_are_told_as_they_are",
    "weather.file": "tables/test_weather.py::test_hours_of_a_file_keep_their_means",
    "weather.format": "tables/test_weather.py::test_every_format_puts_its_hours_where_they_belong",
    "weather.repeat_year": "tables/test_weather.py::test_a_real_year_may_be_repeated",
    "weather.place_tolerance_km": "tables/test_weather.py::test_a_file_that_does_not_fit_is_refused_in_a_sentence",
    "weather.time_shift_minutes": "cases/test_weather_files.py::test_a_zone_that_is_wrong_by_an_hour_is_refused_with_the_shift_that_fits",
    "weather.time_check": "cases/test_weather_files.py::test_without_time_check_a_wrong_zone_is_taken_as_it_is",
    "weather.climate": "tables/test_climate.py::test_months_have_the_light_of_the_climate_whatever_the_seed",
    "weather.monthly_ghi_kwh_m2": "tables/test_climate.py::test_what_is_known_better_is_taken",
    "weather.monthly_air_celsius": "tables/test_climate.py::test_what_is_known_better_is_taken",
    "weather.transparency_percent": "tables/test_weather.py::test_a_sky_set_by_hand_is_the_clear_sky_through_its_clouds",
    "weather.cloud_cover_percent": "tables/test_weather.py::test_a_sky_set_by_hand_is_the_clear_sky_through_its_clouds",
    "weather.air_temperature_celsius": "tables/test_weather.py::test_air_and_wind_set_by_hand_are_told_as_they_are",
    "weather.wind_m_s": "tables/test_weather.py::test_air_and_wind_set_by_hand_are_told_as_they_are",
}
"""By kind.property: the file and the name of a test."""
