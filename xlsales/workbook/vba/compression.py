"""Compression as VBA projects use it: runs of bytes seen before become references ([MS-OVBA] 2.4.1)."""

from __future__ import annotations

import struct

_CHUNK = 4096
_SHORTEST = 3  # bytes that are worth a reference
_MOST = 16 * 1024**2  # bytes of a module; VBA itself ends at 64 KiB of code
_COMPRESSED, _RAW = 0xB000, 0x3000  # flag and signature of a chunk's header ([MS-OVBA] 2.4.1.1.5)


def compressed(data: bytes) -> bytes:
    """Return the data as a compressed container.

    The format fills a last chunk that cannot be made smaller with zeroes to 4,096 bytes. That takes more than 3,640
    bytes without repetition: random ones, never a text.
    """
    starts = range(0, len(data), _CHUNK)
    return b"\x01" + b"".join(_chunk(data[start : start + _CHUNK]) for start in starts)


def _chunk(data: bytes) -> bytes:
    """Compress up to 4,096 bytes ([MS-OVBA] 2.4.1.3.7)."""
    tokens = _tokens(data)
    kind = _COMPRESSED
    if len(tokens) > _CHUNK:
        tokens, kind = data.ljust(_CHUNK, b"\0"), _RAW
    return struct.pack("<H", kind | len(tokens) - 1) + tokens


def _tokens(data: bytes) -> bytes:
    """Return the token sequences: a byte of eight flags, then eight bytes or references ([MS-OVBA] 2.4.1.3.8)."""
    written = bytearray()
    position = 0
    while position < len(data):
        flags_at = len(written)
        written.append(0)
        for flag in range(8):
            if position == len(data):
                break
            distance, length = _longest_match(data, position)
            if distance:
                written[flags_at] |= 1 << flag
                written += _reference(position, distance, length)
            else:
                written.append(data[position])
            position += length
    return bytes(written)


def _longest_match(data: bytes, position: int) -> tuple[int, int]:
    """Return how far back, and how long, the nearest longest run equal to what follows is; (0, 1) without one."""
    longest = min(_most_bytes(position), len(data) - position)
    distance, length = 0, 1
    wanted = _SHORTEST
    while wanted <= longest:
        # A run may overlap what it stands for: it only has to begin before it.
        found = data.rfind(data[position : position + wanted], 0, position + wanted - 1)
        if found < 0:
            break
        while wanted < longest and data[found + wanted] == data[position + wanted]:
            wanted += 1
        distance, length = position - found, wanted
        wanted += 1
    return distance, length


def _length_bits(position: int) -> int:
    """Return how many bits of a reference say its length; the more lies behind, the fewer ([MS-OVBA] 2.4.1.3.19.1)."""
    return 16 - max((position - 1).bit_length(), 4)


def _most_bytes(position: int) -> int:
    return (1 << _length_bits(position)) - 1 + _SHORTEST


def _reference(position: int, distance: int, length: int) -> bytes:
    """Return a copy token ([MS-OVBA] 2.4.1.3.19.3)."""
    return struct.pack("<H", distance - 1 << _length_bits(position) | length - _SHORTEST)


class NotCompressedError(ValueError):
    """The bytes are no compressed container, or more than a module can be."""


def uncompressed(container: bytes) -> bytes:
    """Return what a compressed container holds ([MS-OVBA] 2.4.1.3.1)."""
    if container[:1] != b"\x01":
        raise NotCompressedError("no signature")
    found = bytearray()
    place = 1
    while place + 2 < len(container):
        (header,) = struct.unpack_from("<H", container, place)
        end = place + 3 + (header & 0x0FFF)
        chunk = container[place + 2 : end]
        if header & 0x7000 != _RAW:
            raise NotCompressedError("a chunk without its signature")
        found += _untokened(chunk) if header & 0x8000 else chunk
        if len(found) > _MOST:
            raise NotCompressedError("too long")
        place = end
    return bytes(found)


def _untokened(chunk: bytes) -> bytes:
    """Return what a chunk's tokens stand for ([MS-OVBA] 2.4.1.3.4)."""
    found = bytearray()
    place = 0
    while place < len(chunk):
        flags = chunk[place]
        place += 1
        for flag in range(8):
            if place >= len(chunk):
                break
            if not flags >> flag & 1:
                found.append(chunk[place])
                place += 1
                continue
            if place + 2 > len(chunk) or not found:
                raise NotCompressedError("a reference to nothing")
            (token,) = struct.unpack_from("<H", chunk, place)
            place += 2
            bits = _length_bits(len(found))
            distance = (token >> bits) + 1
            if distance > len(found):
                raise NotCompressedError("a reference to nothing")
            for _byte in range((token & (1 << bits) - 1) + _SHORTEST):
                found.append(found[-distance])
    return bytes(found)
