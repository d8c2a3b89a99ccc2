"""Takes telegrams out of a stream of bytes that may be cut anywhere: whole ones with the right checksum, in order; the rest is counted."""

import re
from dataclasses import dataclass, field

from joulebus.meter.crc import crc16

TELEGRAM_BYTES_MAX = 1 << 14
"""Real ones have some 1,500: what is longer has lost its end."""
_LINE_END = b"\r\n"
_END = re.compile(rb"\r\n!([0-9A-F]{1,4})\r\n")
_LINE = re.compile(r"(\d+-\d+:\d+\.\d+\.\d+)((?:\([^()]*\))+)")


@dataclass(frozen=True, slots=True)
class TelegramLine:
    """A line of a telegram: its OBIS code and what stands in its brackets."""

    obis: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadTelegram:
    """A telegram whose checksum is right."""

    header: str
    lines: tuple[TelegramLine, ...]
    """All lines with an OBIS code, in their order, also those that nobody knows."""
    others: tuple[str, ...] = ()
    """Lines without one, as they came."""
    raw: bytes = b""
    """All of it, with its checksum and ends of lines."""

    def values(self, obis: str) -> tuple[str, ...]:
        """What stands in the brackets of the first line with this code; nothing when there is none."""
        return next((line.values for line in self.lines if line.obis == obis), ())


@dataclass
class TelegramReader:
    """Fed with bytes as they come; :meth:`feed` answers with the telegrams that they complete."""

    dropped: int = 0
    """Telegrams with a wrong checksum, or without a beginning or an end."""
    read: int = 0
    _kept: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[ReadTelegram]:
        """The telegrams that are complete with these bytes."""
        self._kept += data
        found = []
        while (end := _END.search(self._kept)) is not None:
            whole, crc = bytes(self._kept[: end.end()]), end[1]
            del self._kept[: end.end()]
            telegram = self._checked(whole, crc)
            if telegram is not None:
                found.append(telegram)
        if len(self._kept) > TELEGRAM_BYTES_MAX:
            self._let_go()
        self.read += len(found)
        return found

    def _checked(self, whole: bytes, crc: bytes) -> ReadTelegram | None:
        """What lies between the last slash and the checksum; slashes before it began telegrams whose ends are lost."""
        begin = whole.rfind(b"/")
        self.dropped += max(whole.count(b"/") - 1, 0)
        raw = whole[begin:]
        signed = raw[: -len(crc) - len(_LINE_END)]
        if begin < 0 or len(raw) > TELEGRAM_BYTES_MAX or crc16(signed) != int(crc, 16):
            self.dropped += 1
            return None
        return _parsed(signed[:-1].decode("latin-1"), raw)

    def _let_go(self) -> None:
        self.dropped += 1
        begin = self._kept.rfind(b"/", 1)
        del self._kept[: begin if begin > 0 else len(self._kept)]
        if len(self._kept) > TELEGRAM_BYTES_MAX:
            self._kept.clear()


def _parsed(text: str, raw: bytes) -> ReadTelegram:
    header, *rest = text.split("\r\n")
    lines, others = [], []
    for line in filter(None, rest):
        match = _LINE.fullmatch(line)
        if match is None:
            others.append(line)
        else:
            lines.append(TelegramLine(match[1], tuple(match[2][1:-1].split(")("))))
    return ReadTelegram(header, tuple(lines), tuple(others), raw)
