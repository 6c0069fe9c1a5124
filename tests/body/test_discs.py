"""From compression to disc pressure."""

import pytest

from psoas.body._data import load_data
from psoas.body.statics.discs import disc_area_m2, disc_pressure_band_mpa, disc_pressure_mpa


def test_pressure_is_force_over_area_and_factor() -> None:
    factor = load_data("discs.yaml")["factor"]["value"]
    assert disc_area_m2("L4/L5", 1.739) == pytest.approx(1800e-6)
    assert disc_pressure_mpa(900 * factor, "L4/L5", 1.739) == pytest.approx(0.5)


def test_the_band_holds_the_value_and_the_factor_its_published_span() -> None:
    factor = load_data("discs.yaml")["factor"]
    assert factor["low"] <= factor["value"] <= factor["high"]
    low, high = disc_pressure_band_mpa(600, "L5/S1", 1.7)
    assert low < disc_pressure_mpa(600, "L5/S1", 1.7) < high


def test_taller_people_have_larger_discs() -> None:
    assert disc_area_m2("L4/L5", 1.9) > disc_area_m2("L4/L5", 1.6)
    assert disc_area_m2("L1/L2", 1.75) < disc_area_m2("L4/L5", 1.75)
