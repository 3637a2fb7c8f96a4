"""Bombs: small bodies that decode to 1 GiB and more end in the documented error, and take little memory until then.

Memory is what the kernel says of a process that does nothing but decode: a decoder's memory is not Python's.
"""

import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from codings import coded

MIB = 2**20
ALLOWED = 8 * MIB
"""Octets that decoding may take beyond the body itself."""

PROGRAM = """
import json, sys
from skerry.http import Limits, RemoteProtocolError
from skerry.http.coding import make_decoder

def memory(name):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))

value, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
body = sys.stdin.buffer.read()
decoder = make_decoder(value, limits)
before, given, code = memory("VmRSS"), 0, ""
try:
    for at in range(0, len(body), 65536):
        decoder.feed(body[at : at + 65536])
        while step := decoder.read():
            given += len(step)
    decoder.finish()
except RemoteProtocolError as error:
    code = error.code
print(json.dumps({"given": given, "code": code, "grown": memory("VmHWM") - before}))
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell what is used")


def explode(value: str, body: bytes, **limits: int) -> tuple[int, str, int]:
    """Decode in a process of its own; return the octets given, the code of the error and the memory taken."""
    command = [sys.executable, "-c", PROGRAM, value, json.dumps(limits)]
    found = json.loads(subprocess.run(command, input=body, stdout=subprocess.PIPE, check=True).stdout)
    return found["given"], found["code"], found["grown"]


def deflate_bomb(mebibytes: int, window_bits: int) -> bytes:
    """Return zeros deflated; the same block again and again, without the check at the end."""
    deflater = zlib.compressobj(9, wbits=window_bits)
    head = deflater.compress(bytes(MIB)) + deflater.flush(zlib.Z_FULL_FLUSH)
    block = deflater.compress(bytes(MIB)) + deflater.flush(zlib.Z_FULL_FLUSH)
    return head + block * (mebibytes - 1)


def brotli_bomb(mebibytes: int, window_bits: int = 22) -> bytes:
    """Return zeros with a window of 4 MiB, the usual one, or another one."""
    encoder = import_module("brotli").Compressor(quality=1, lgwin=window_bits)
    body = b"".join([encoder.process(bytes(MIB)) for _ in range(mebibytes)])
    return bytes(body + encoder.finish())


def zstd_bomb(mebibytes: int, window_bits: int = 21) -> bytes:
    """Return zeros with a window of 2 MiB, the usual one, or another one."""
    library = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    compressor = library.ZstdCompressor(options={library.CompressionParameter.window_log: window_bits})
    body = b"".join([compressor.compress(bytes(MIB)) for _ in range(mebibytes)])
    return bytes(body + compressor.flush())


def bomb(name: str, mebibytes: int) -> bytes:
    match name:
        case "gzip":
            return deflate_bomb(mebibytes, 31)
        case "deflate":
            return deflate_bomb(mebibytes, 15)
        case "raw deflate":
            return deflate_bomb(mebibytes, -15)
        case "br":
            return brotli_bomb(mebibytes)
        case _:
            return zstd_bomb(mebibytes)


KINDS = ("gzip", "deflate", "raw deflate", "br", "zstd")


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_of_1_gib_ends_in_the_error_and_takes_little_memory(kind: str) -> None:
    given, code, grown = explode(kind.removeprefix("raw "), bomb(kind, 1024))
    assert code == "coding-ratio"
    assert given <= 256 * MIB
    assert grown < ALLOWED


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_on_size_ends_it_as_well(kind: str) -> None:
    given, code, grown = explode(kind.removeprefix("raw "), bomb(kind, 16), max_decoded_size=MIB)
    assert code == "content-too-long"
    assert given <= MIB
    assert grown < ALLOWED


@pytest.mark.parametrize(
    ("kind", "outer"), [("gzip", "gzip"), ("gzip", "br"), ("deflate", "zstd"), ("br", "gzip"), ("zstd", "br")]
)
def test_a_bomb_in_a_bomb_ends_in_the_error(kind: str, outer: str) -> None:
    given, code, grown = explode(f"{kind}, {outer}", coded(outer, bomb(kind, 1024)))
    assert code == "coding-ratio"
    assert given <= 256 * MIB
    assert grown < ALLOWED


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_bomb_of_many_members_ends_in_the_error(name: str) -> None:
    given, code, grown = explode(name, coded(name, bytes(MIB)) * 1024)
    assert code == "coding-ratio"
    assert given <= 256 * MIB
    assert grown < ALLOWED


@pytest.mark.parametrize(
    ("name", "make", "bits"),
    [pytest.param("br", brotli_bomb, 24, id="br-16-mib"), pytest.param("zstd", zstd_bomb, 23, id="zstd-8-mib")],
)
def test_a_window_is_all_that_comes_on_top_and_can_be_limited(
    name: str, make: Callable[[int, int], bytes], bits: int
) -> None:
    body, window = make(1024, bits), 1 << bits
    _, code, grown = explode(name, body)
    assert code == "coding-ratio"
    assert grown < window + 2 * MIB
    _, code, grown = explode(name, body, max_coding_window=window - 1)
    assert code == "bad-content-coding"
    assert grown < MIB


@pytest.mark.parametrize("kind", ["gzip", "deflate", "br", "zstd"])
def test_with_the_limit_off_memory_does_not_grow_with_the_body(kind: str) -> None:
    grown = []
    for mebibytes in (64, 192):
        given, code, taken = explode(kind, bomb(kind, mebibytes), max_coding_ratio=0)
        assert code in {"", "incomplete-content-coding"}  # the check at the end is left out of some
        assert given == mebibytes * MIB
        assert taken < ALLOWED
        grown.append(taken)
    assert abs(grown[1] - grown[0]) < MIB
