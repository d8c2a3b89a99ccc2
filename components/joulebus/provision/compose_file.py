"""The file for Docker Compose of a home: a service for each component of the registry that it has, and for each device of its file.

Every service is confined in the same way: no root, a read-only root file system, no capabilities, a health check, limits, and a ticket that
nobody else sees. Ports are published on loopback only.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from joulebus.addresses import EVERYBODY_HERE, LOOPBACK
from joulebus.errors import HomeFileError
from joulebus.home.outside import lives_outside, open_ports
from joulebus.home.round import new_birth
from joulebus.homefile.home_file import HomeFile
from joulebus.provision.compose import BOOKS_VOLUME
from joulebus.provision.compose_neighbours import (
    DATABASE_FOLDER,
    DATABASE_MOUNT,
    GRAFANA,
    MONITORING_FOLDER,
    POSTGRESQL,
    PROMETHEUS,
    PROXY_FOLDER,
    WEB,
)
from joulebus.registry import INVERTER, METRICS_PORT
from joulebus_schemas.principals import OWNER, PERSON
from joulebus_schemas.roster import Member
from joulebus_schemas.versions import SPECIFICATION

SERVICES = frozenset({"tickets", "books", "access", "postgresql", "web", "prometheus", "grafana"})
"""Services that no device may be called as."""
COMPUTES_SKIES = frozenset({"sun", "weather", "panel"})
"""Kinds whose process has children that compute with pandas for some seconds."""
_HOME_FOLDER, _TICKETS, _ROUTER = "/run/joulebus/home", "/run/joulebus/tickets", "/run/joulebus/router"


@dataclass(frozen=True)
class ComposePlan:
    """What a file for Compose is written from."""

    file: HomeFile
    home_file: PurePosixPath
    """The home file, as seen from the folder of the written one."""

    @property
    def inside(self) -> str:
        """The home file in containers."""
        return f"{_HOME_FOLDER}/{self.home_file.name}"

    @property
    def devices(self) -> dict[str, Member]:
        """Devices with a container of their own."""
        members = new_birth(self.file).members  # These know whom they hear.
        return {name: one for name, one in members.items() if one.kind != "inverter" and not lives_outside(one)}

    @property
    def parts(self) -> dict[str, str]:
        """Services of components, beside the devices, and the component that each is."""
        balancer = {"balancer": "balancer"} if self.file.market is not None else {}
        return {INVERTER: INVERTER, "historian": "historian", **balancer, "screen": "screen", "home": "home"}

    @property
    def holders(self) -> list[str]:
        """Everybody with a ticket in a volume."""
        return [*self.parts.values(), *self.devices]


def compose_text(plan: ComposePlan) -> str:
    """The whole file.

    Raises:
        HomeFileError: A device is called like a service that every home has.
    """
    taken = sorted(plan.file.members.keys() & SERVICES)
    if taken:
        raise HomeFileError(f"devices.{taken[0]}: in containers no device may be called {', '.join(sorted(SERVICES))}; choose another name")
    services = [
        _tickets(plan),
        _books(plan),
        _access(plan),
        _router(),
        _hub(plan),
        _historian(plan),
        *_balancer(plan),
        _screen(plan),
        _home(plan),
    ]
    services += [_device(plan, name, member) for name, member in plan.devices.items()]
    services += [POSTGRESQL, WEB, PROMETHEUS, GRAFANA]
    return _head(plan) + "\nservices:\n" + "\n".join(services) + "\n" + _volumes(plan)


def _head(plan: ComposePlan) -> str:
    folder = f"./{plan.home_file.parent}" if plan.home_file.parent != PurePosixPath() else "."
    head = _HEAD.replace("HOME_FOLDER_HERE", folder).replace("HOME_FILE", str(plan.home_file)).replace("LOOPBACK", LOOPBACK)
    return head.replace("NAME", plan.file.name).replace("VERSION", SPECIFICATION)


def _argv(plan: ComposePlan, component: str, *arguments: str) -> str:
    words = [component, "--home", plan.file.name, "--router", "ws://crossbar:8081/", "--ticket-file", "/run/joulebus/ticket/ticket"]
    words += ["--metrics-port", str(METRICS_PORT), "--metrics-address", EVERYBODY_HERE, *arguments]
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _ticket(name: str) -> str:
    return f'      - {{type: volume, source: "ticket_{name}", target: /run/joulebus/ticket, read_only: true}}\n'


HOME_MOUNT = "      - *home_folder\n"


def _tickets(plan: ComposePlan) -> str:
    """The one service with root: it gives each folder to whom it belongs, may do nothing else, and has ended before others start."""
    named = [*plan.holders, PERSON + OWNER]
    mounts = "".join(f"      - ticket_{_volume(name)}:{_TICKETS}/{name}\n" for name in named)
    books = "".join(f"      - {part}:/books/{part}\n" for part in _keepers(plan))
    given = "".join(f', "--books", "/books/{part}"' for part in _keepers(plan))
    return f"""  tickets:
    <<: *once
    user: "0:0"
    cap_add: [CHOWN, FOWNER, DAC_OVERRIDE]
    entrypoint: ["python", "-P", "-m", "joulebus.services.containers"]
    command: ["--home-file", "{plan.inside}", "--router", "{_ROUTER}", "--tickets", "{_TICKETS}", "--database", "{DATABASE_FOLDER}",
      "--monitoring", "{MONITORING_FOLDER}", "--proxy", "{PROXY_FOLDER}", "--owner", "10001", "--books", "/books/people"{given}]
    volumes:
{HOME_MOUNT}      - router:{_ROUTER}
      - database_secret:{DATABASE_FOLDER}
      - monitoring:{MONITORING_FOLDER}
      - proxy:{PROXY_FOLDER}
      - people:/books/people
{mounts}{books}"""


def _keepers(plan: ComposePlan) -> list[str]:
    """Services that write a volume of their own."""
    return ["hub", "almanac", *(["balancer"] if plan.file.market is not None else [])]


def _books(plan: ComposePlan) -> str:
    return f"""  books:
    <<: *once
    entrypoint: ["python", "-P", "-m", "joulebus.services.books"]
    command: ["--home-file", "{plan.inside}", "--books", "{BOOKS_VOLUME}"]
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    volumes:
{HOME_MOUNT}      - hub:{BOOKS_VOLUME}
"""


def _access(plan: ComposePlan) -> str:
    """``joulebus access`` on the router's files; nobody else sees the tickets of people."""
    state = f"/run/joulebus/state/{plan.file.name}"
    return f"""  access:
    <<: *once
    profiles: [access]
    entrypoint: ["joulebus", "access"]
    environment:
      XDG_CACHE_HOME: /tmp
      JOULEBUS_STATE: /run/joulebus/state
      JOULEBUS_HOME: {plan.file.name}
      JOULEBUS_ADDRESS: ws://{LOOPBACK}:${{JOULEBUS_PORT:-8080}}/
    volumes:
      - router:{state}
      - people:{state}/tickets
"""


def _router() -> str:
    return f"""  crossbar:
    <<: *component
    image: ${{JOULEBUS_PREFIX:-joulebus.local/}}joulebus-router:${{JOULEBUS_TAG:-{SPECIFICATION}}}
    command: ["{_ROUTER}/router"]
    mem_limit: 384m
    depends_on: {{tickets: {{condition: service_completed_successfully}}}}
    healthcheck:
      <<: *often
      test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/{LOOPBACK}/8081"]
    volumes:
      - router:{_ROUTER}
"""


def _hub(plan: ComposePlan) -> str:
    speed = "flat_out" if plan.file.speed is None else f"{plan.file.speed:g}"
    return f"""  inverter:
    <<: *component
    command: {_argv(plan, INVERTER, "--journal", f"{BOOKS_VOLUME}/journal.bin", "--speed", f"${{JOULEBUS_SPEED:-{speed}}}")}
    mem_limit: 512m
    depends_on: {{crossbar: {{condition: service_healthy}}, books: {{condition: service_completed_successfully}}}}
    volumes:
{_ticket(INVERTER)}      - hub:{BOOKS_VOLUME}
"""


def _historian(plan: ComposePlan) -> str:
    return f"""  historian:
    <<: *component
    command: {_argv(plan, "historian", "--store-file", f"{DATABASE_FOLDER}/store", "--home-file", plan.inside)}
    mem_limit: 384m
    depends_on: {{inverter: {{condition: service_started}}, postgresql: {{condition: service_healthy}}}}
    volumes:
{_ticket("historian")}{HOME_MOUNT}{DATABASE_MOUNT}"""


def _balancer(plan: ComposePlan) -> list[str]:
    if plan.file.market is None:
        return []
    given = ("--store-file", f"{DATABASE_FOLDER}/store", "--market", f"{BOOKS_VOLUME}/market.json", "--home-file", plan.inside)
    text = f"""  balancer:
    <<: *component
    command: {_argv(plan, "balancer", *given)}
    mem_limit: 384m
    depends_on: {{inverter: {{condition: service_started}}, postgresql: {{condition: service_healthy}}}}
    volumes:
{_ticket("balancer")}{HOME_MOUNT}{DATABASE_MOUNT}      - balancer:{BOOKS_VOLUME}
"""
    return [text]


def _screen(plan: ComposePlan) -> str:
    return f"""  screen:
    <<: *component
    command: {_argv(plan, "screen")}
    depends_on: {{inverter: {{condition: service_started}}}}
    volumes:
{_ticket("screen")}"""


def _home(plan: ComposePlan) -> str:
    """It starts last and ends first: a device that ends with the whole home is not switched off by that."""
    after = "".join(f"      {name}: {{condition: service_started, required: false}}\n" for name in plan.devices)
    return f"""  home:
    <<: *component
    command: {_argv(plan, "home", "--on", "compose", "--home-file", plan.inside)}
    depends_on:
      inverter: {{condition: service_started}}
{after}    volumes:
{_ticket("home")}{HOME_MOUNT}"""


def _device(plan: ComposePlan, name: str, member: Member) -> str:
    hears = ("--hears", ",".join(member.hears)) if member.hears else ()
    skies = member.kind in COMPUTES_SKIES
    limit = "    mem_limit: 512m\n" if skies else ""
    cache = "      - almanac:/var/lib/joulebus\n" if skies else ""
    return f"""  {name}:
    <<: *component
    command: {_argv(plan, "device", "--name", name, *hears, "--folder", _HOME_FOLDER, "--own-switch")}
{limit}{_ports(member)}    depends_on: {{inverter: {{condition: service_started}}}}
    volumes:
{_ticket(name)}{HOME_MOUNT}{cache}"""


def _ports(member: Member) -> str:
    """The ports that a device opens to others, such as a meter its telegrams: on this machine, and for nobody beyond it."""
    opened = open_ports(member)
    shown = ", ".join(f'"{LOOPBACK}:{port}:{port}"' for port in opened)
    return f"    ports: [{shown}]\n" if opened else ""


def _volume(name: str) -> str:
    """Docker's names of volumes know no ``~``."""
    return name.removeprefix(PERSON)


def _volumes(plan: ComposePlan) -> str:
    named = [f"ticket_{_volume(name)}" for name in [*plan.holders, PERSON + OWNER]]
    named += ["router", "database_secret", "monitoring", "proxy", "people", *_keepers(plan), "postgresql", "prometheus", "grafana"]
    return "\nvolumes:\n" + "".join(f"  {name}:\n" for name in named) + "\nnetworks:\n  home:\n"


_HEAD = """\
# The home of HOME_FILE in containers: docker compose up -d --wait. Written by `joulebus compose HOME_FILE`; change the home file, and
# write it anew. The images are those of `make images`.
#
#   docker compose stop oven           switches the oven off, and `start oven` on; so do `up -d --scale oven=0` and `--scale oven=1`
#   docker compose kill oven           is a crash: time stands still until it is back
#   http://LOOPBACK:8080/             the dashboard, and the bus for guests and tickets; the specification is at 8082, Prometheus at 9090,
#                                      Grafana at 3000
#   docker compose run --rm access link --page       the dashboard's address for the operator; also: list, add, revoke, rotate
#
# JOULEBUS_PREFIX and JOULEBUS_TAG name other images, JOULEBUS_SPEED another speed, JOULEBUS_PORT and such other ports.
name: NAME

x-confined: &confined
  read_only: true
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]
  networks: [home]
  pids_limit: 128
  mem_limit: 160m
  logging: {driver: json-file, options: {max-size: 1m, max-file: "2"}}

# Docker starts a process for each look: thirty of them every few seconds would be all that a small machine does while a home starts.
x-often: &often
  interval: 15s
  timeout: 15s
  retries: 6
  start_period: 120s

x-health: &health
  <<: *often
  test:
    - CMD
    - bash
    - -c
    - exec 3<>/dev/tcp/LOOPBACK/9464; printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3; read -r line <&3; [[ $$line == *' 200 '* ]]

x-component: &component
  <<: *confined
  image: ${JOULEBUS_PREFIX:-joulebus.local/}joulebus:${JOULEBUS_TAG:-VERSION}
  restart: unless-stopped
  stop_grace_period: 30s
  tmpfs: [/tmp]
  healthcheck: *health
  environment: {XDG_CACHE_HOME: /var/lib/joulebus}

x-once: &once
  <<: *confined
  image: ${JOULEBUS_PREFIX:-joulebus.local/}joulebus:${JOULEBUS_TAG:-VERSION}
  restart: "no"
  mem_limit: 384m
  tmpfs: [/tmp]
  environment: {XDG_CACHE_HOME: /tmp}

x-home-folder: &home_folder
  type: bind
  source: HOME_FOLDER_HERE
  target: /run/joulebus/home
  read_only: true
"""
