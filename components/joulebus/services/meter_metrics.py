"""What Prometheus scrapes of a digital meter: its registers, the running quarter-hour, and the peaks so far."""

from prometheus_client import Counter, Gauge

from joulebus.meter.registers import REGISTER_NAMES, Registers
from joulebus_schemas.meter import QuarterSeen

REGISTER = Counter("joulebus_meter_energy_joules", "What the registers of the digital meter have counted", ["device", "register"])
QUARTER_METRIC = Gauge(
    "joulebus_meter_quarter_watts",
    "Of the running quarter-hour: demand (so far, over the whole), forecast (of its end), cap (what it is compared with), "
    "allowed (more until it ends; negative: so much less)",
    ["device", "figure"],
)
PEAK_METRIC = Gauge(
    "joulebus_meter_peak_watts", "Highest quarter-hour of the day and of the month, and the mean of twelve months", ["device", "of"]
)
QUARTER_DONE = Gauge("joulebus_meter_quarter_done_seconds", "Seconds of the running quarter-hour that are over", ["device"])


class MeterMetrics:
    """Metrics of one meter."""

    def __init__(self, device: str) -> None:
        self._device = device
        self._counted = (0,) * len(REGISTER_NAMES)

    def show(self, seen: QuarterSeen, state: Registers) -> None:
        """What is seen now."""
        for name, joules, before in zip(REGISTER_NAMES, state.joules, self._counted, strict=True):
            REGISTER.labels(self._device, name).inc(max(joules - before, 0))
        self._counted = state.joules
        for name in ("demand", "forecast", "cap", "allowed"):
            QUARTER_METRIC.labels(self._device, name).set(getattr(seen, f"{name}_watts"))
        peaks = {"day": seen.day_peak_watts, "month": seen.month_peak_watts, "mean_of_months": seen.mean_of_months_watts}
        for name, watts in peaks.items():
            PEAK_METRIC.labels(self._device, name).set(watts)
        QUARTER_DONE.labels(self._device).set(seen.done_seconds)
