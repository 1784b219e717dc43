"""Raw deflate streams in pieces, each compressed alone, so that a piece that many streams share is compressed once.

libdeflate makes finished streams only: the last block is marked final and ends in the middle of a byte. A piece is
made from a finished stream of one block: the mark is cleared, and an empty stored block after it fills the byte.
A piece never refers back to bytes before it, so pieces can be joined in any order.
"""

from __future__ import annotations

import deflate

END = b"\x03\x00"  # an empty final block: BFINAL=1, BTYPE=01, and the code for its end, seven zeros

FAST = 1  # libdeflate's fastest is smaller than zlib's fastest, and the same bytes on every processor
SMALL = 9  # of what is compressed once
# Fewer than 70,535 bytes are one block if compressed fast, unless they become more than 8,192 sequences.
_CHUNK = 70_000
_SIZE = 8  # bytes that hold the size of a content
_MOST_FROM_A_BYTE = 1032  # as much as deflate can make of one
_HEADER_BITS = 3  # of a block: BFINAL in its lowest bit, then BTYPE
_BFINAL, _BTYPE = 0b001, 0b110
_STORED = 0b000
_LENGTHS = b"\x00\x00\xff\xff"  # LEN and NLEN of an empty stored block; its header, all zeros, is before these


def piece(content: bytes, level: int = FAST) -> bytes:
    """Return the content as blocks that any piece or `END` can follow: none is final, and the last ends its byte."""
    return b"".join([_blocks(content[start : start + _CHUNK], level) for start in range(0, len(content), _CHUNK)])


def last_piece(content: bytes, level: int = FAST) -> bytes:
    """Return the content as blocks that end a stream, after any other pieces or alone."""
    return bytes(deflate.deflate_compress(content, level))


def content(stream: bytes, size: int) -> bytes | bytearray:
    """Return what a whole stream holds, which has this size; raises ValueError for another one."""
    try:
        found: bytes | bytearray = deflate.deflate_decompress(stream, size)
    except deflate.DeflateError as error:
        raise ValueError(str(error)) from error
    if len(found) != size:
        raise ValueError(size)
    return found


def small(whole: bytes) -> bytes:
    """Return a content compressed, with its size before it."""
    return len(whole).to_bytes(_SIZE, "little") + last_piece(whole)


def large(compressed: bytes) -> bytes | bytearray:
    """Return the content that `small` has compressed; raises ValueError for anything else."""
    size = int.from_bytes(compressed[:_SIZE], "little")
    if len(compressed) <= _SIZE or size > _MOST_FROM_A_BYTE * len(compressed):
        raise ValueError(size)
    return content(compressed[_SIZE:], size)


def _blocks(chunk: bytes, level: int) -> bytes:
    block = deflate.deflate_compress(chunk, level)
    if not block[0] & _BFINAL:
        # It is the first of several blocks, and where the final one starts cannot be seen: each half is tried alone.
        middle = len(chunk) // 2
        return _blocks(chunk[:middle], level) + _blocks(chunk[middle:], level)
    block[0] &= ~_BFINAL
    if block[0] & _BTYPE == _STORED:
        return bytes(block)  # a stored block ends its byte
    if not _padding_holds_header(block, len(chunk)):
        block.append(0)
    return bytes(block + _LENGTHS)


def _padding_holds_header(block: bytearray, size: int) -> bool:
    """Return whether the zeros that pad the last byte are enough for the header of the empty stored block.

    A compressed block ends with a Huffman code, whose own trailing zeros look like padding. Decompressing tells them
    apart: where the padding is too short, the header takes a byte of `_LENGTHS`, and LEN and NLEN do not fit together
    (RFC 1951, 3.2.4), which is an error.
    """
    if block[-1] >> (8 - _HEADER_BITS):
        return False
    try:
        deflate.deflate_decompress(block + _LENGTHS + END, size)
    except deflate.DeflateError:
        return False
    return True
