"""Facts and limits that several rooms share, each written once. The core's own are compared with them by a test."""

EPOCH_SECONDS = 900
"""Length of an epoch, which the core seals: a quarter-hour of UTC."""
QUARTER_SECONDS = 900
"""A quarter of an hour: the period in which the grid meters and bills."""
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
DAY_MILLISECONDS = 86_400_000
WATTS_PER_KW = 1_000
JOULES_PER_WH = 3_600
JOULES_PER_KWH = 3_600_000
MICROJOULES_PER_JOULE = 1_000_000
PPM = 1_000_000
"""The whole, in parts per million."""
PPM_PER_PERCENT = 10_000
LITRES_PER_M3 = 1_000
ZERO_CELSIUS_MK = 273_150
"""0 degrees Celsius."""
MICRO_PER_EURO = 1_000_000
"""Money is counted in micro-euro."""

DEVICES_MAX = 1_000
"""Devices in a home: the core takes as many offers for a window."""
MESSAGE_BYTES_MAX = 1 << 20
"""On the bus: clients and router agree on it."""
FIELDS_MAX = 256
"""Fields of one message, and properties of one device: each unknown one costs whoever is asked some work."""
FINDINGS_MAX = 100
"""A journal or a market that is wrong everywhere is told apart by its first hundred places."""
BILLED_WATTS_MIN = 2_500
"""Least billed peak of a month, in the capacity tariff of Flanders."""

HEAT, CURTAILED, UNSERVED, DRIVING = "heat", "curtailed", "unserved", "driving"
ACCOUNTS = frozenset({HEAT, CURTAILED, UNSERVED, DRIVING})
"""Accounts of the ledger that are no device's."""
SOURCES = ("sun", "producers", "battery", "grid")
SINKS = ("loads", "battery", "export", "heat")
FLOWS = tuple(f"{source}>{sink}" for source in SOURCES for sink in SINKS)
"""Names of energy flows, from source to sink."""
