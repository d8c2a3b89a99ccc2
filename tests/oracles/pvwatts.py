"""PVWatts version 8 by NREL's PySAM, in a process of its own: its libraries may end the process that loads them.

``python pvwatts.py FILE PROPERTIES`` prints monthly kWh AC as JSON; the properties are those of PVWatts, as JSON.
"""

import json
import sys

from PySAM import Pvwattsv8


def main(file: str, design: str) -> None:
    """A year on a weather file."""
    model = Pvwattsv8.new()
    model.SolarResource.solar_resource_file = file
    model.SolarResource.use_wf_albedo = 0
    model.SolarResource.albedo = [0.2] * 12
    model.SystemDesign.assign(json.loads(design))
    model.execute(0)
    print(json.dumps(model.Outputs.ac_monthly))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
