"""The reader of a real meter as a device: it moves nothing, and says where its process reads."""

import pytest
from pydantic import ValidationError

from joulebus.devices.meter_reader import MeterReaderProperties, address_of


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("", None),
        ("/dev/ttyUSB0", None),
        ("telegrams/tcp.txt", None),
        ("tcp://p1.local:8088", ("p1.local", 8088)),
        ("tcp://192.168.1.7:1", ("192.168.1.7", 1)),
        ("tcp://[fe80::1]:65535", ("fe80::1", 65_535)),
    ],
)
def test_a_source_is_a_path_or_a_host_with_its_port(source: str, address: tuple[str, int] | None) -> None:
    assert address_of(MeterReaderProperties(source=source).source) == address


@pytest.mark.parametrize(
    "wrong", ["tcp://", "tcp://p1.local", "tcp://:80", "tcp://p1:0", "tcp://p1:65536", "tcp://a b:80", "tcp://p1:80/x", "p\n1"]
)
def test_what_is_neither_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError, match="source"):
        MeterReaderProperties(source=wrong)
