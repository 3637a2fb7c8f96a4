"""All benchmarks by name."""

from collections.abc import Callable

from .candidates import Options
from .entries import client_get, gzip_stream, idle_memory, import_time, multipart_read, parse_heads, serve
from .measures import Result

BENCHES: dict[str, Callable[[Options], list[Result]]] = {
    "parse_heads": parse_heads.run,
    "serve_plain": serve.run_plain,
    "serve_echo": serve.run_echo,
    "client_get": client_get.run,
    "idle_memory": idle_memory.run,
    "import_time": import_time.run,
    "gzip_stream": gzip_stream.run,
    "multipart_read": multipart_read.run,
}
"""What runs each benchmark; ``all`` runs them in this order."""
