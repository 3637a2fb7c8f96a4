"""The heads that parsers are measured with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadCase:
    """One head: as text for people, as octets for parsers, as fields to compare with."""

    title: str
    """What stands above the table."""
    kind: str
    """``request`` or ``response``."""
    start: str
    """Start line without its end."""
    fields: tuple[tuple[str, str], ...]
    """Names and values in order."""

    @property
    def data(self) -> bytes:
        """The octets of the wire; the message has no body."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        return f"{self.start}\r\n{lines}\r\n".encode()


CASES = {
    "small_request": HeadCase(
        "parse a request head of 43 octets", "request", "GET / HTTP/1.1", (("Host", "files.example.org"),)
    ),
    "browser_request": HeadCase(
        "parse a browser's request head of 12 fields",
        "request",
        "GET /reports/2026/summary.html?view=full HTTP/1.1",
        (
            ("Host", "www.skerry.example"),
            ("Connection", "keep-alive"),
            ("Cache-Control", "max-age=0"),
            ("Upgrade-Insecure-Requests", "1"),
            (
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            ),
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
            ("Sec-Fetch-Site", "same-origin"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Referer", "https://www.skerry.example/reports/"),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Accept-Language", "en-GB,en;q=0.9,de;q=0.8"),
            ("Cookie", "session=5f2b8c1d9e7a40636b1f0c2d; theme=dark; visits=42"),
        ),
    ),
    "nginx_response": HeadCase(
        "parse a response head of 12 fields, as nginx sends it",
        "response",
        "HTTP/1.1 200 OK",
        (
            ("Server", "nginx/1.28.0"),
            ("Date", "Mon, 05 Jan 2026 10:20:30 GMT"),
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", "0"),
            ("Last-Modified", "Sun, 04 Jan 2026 09:08:07 GMT"),
            ("Connection", "keep-alive"),
            ("Vary", "Accept-Encoding"),
            ("ETag", '"695a2c37-264"'),
            ("Cache-Control", "public, max-age=3600"),
            ("X-Content-Type-Options", "nosniff"),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
            ("Accept-Ranges", "bytes"),
        ),
    ),
}
"""Every head, by the name that children know it by. The response announces an empty body, so only heads are parsed."""
