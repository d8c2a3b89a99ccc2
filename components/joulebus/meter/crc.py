"""The checksum of a telegram: CRC-16 with the polynomial x^16 + x^15 + x^2 + 1, reflected, beginning at 0."""


def _row(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xA001 if byte & 1 else 0)
    return byte


_TABLE = tuple(map(_row, range(256)))


def crc16(data: bytes) -> int:
    """The checksum of all bytes from the slash up to and with the exclamation mark."""
    crc = 0
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc
