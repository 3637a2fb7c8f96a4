"""Every size, count and time that bounds what a peer can make skerry do or hold.

One frozen object is handed down from the program to the cores; nothing keeps a number of its own. Sizes are octets,
times are seconds. 0 switches a limit off, and is meant for programs that set the bound elsewhere.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of one connection and of the messages on it.

    Raises:
        ValueError: A limit is negative.
    """

    max_line_size: int = 8190
    """Octets of a request line or status line. A longer target is answered with 414. As in aiohttp and Apache."""
    max_field_size: int = 8190
    """Octets of one field line, name and value, in a head or in trailers, folded lines together. Beyond it: 431."""
    max_headers: int = 128
    """Field lines in a head, and again in trailers. Beyond it: 431."""
    max_head_size: int = 131072
    """Octets of all field lines of a head, and again of trailers: ``max_headers`` lines of full size would be 1 MiB."""
    max_body_size: int = 0
    """Octets of a message body as framed. Beyond it: 413. Off, since a body is streamed and never gathered here."""
    max_chunk_line_size: int = 8190
    """Octets of one chunk-size line with its extensions."""
    max_chunk_extensions_size: int = 16384
    """Octets of all chunk extensions of one message: nobody uses them but to make a parser work for nothing."""
    max_informational: int = 16
    """Informational (1xx) responses before the final one."""
    max_empty_lines: int = 8
    """Empty lines before a request line; RFC 9112 §2.2 asks to skip at least one."""
    read_buffer_size: int = 262144
    """Octets that have arrived and are not yet asked for; reading from the transport pauses above it."""
    write_buffer_size: int = 65536
    """Octets given to the transport and not yet taken by the peer; ``send_data`` waits above it."""
    head_timeout_s: float = 60.0
    """From the first octet of a head, or from the start of the connection, to the end of the head."""
    keepalive_timeout_s: float = 75.0
    """An idle connection between two messages. As in aiohttp's ``run_app``."""
    body_timeout_s: float = 300.0
    """While a body is awaited: the longest time in which not one octet arrives."""
    write_timeout_s: float = 300.0
    """While a writer waits for the peer: the longest time in which nothing is taken."""
    linger_timeout_s: float = 10.0
    """After the response: how long the rest of a body that nobody read is awaited and thrown away."""
    linger_size: int = 1048576
    """After the response: how many octets of a body that nobody read are thrown away before the closing."""
    shutdown_timeout_s: float = 60.0
    """At a graceful stop: how long handlers may go on before they are cancelled."""
    max_cookies_per_response: int = 50
    """Set-Cookie fields of one response that are looked at: otherwise one response could fill a jar."""
    max_cookie_size: int = 4096
    """Octets of the name and the value of a cookie together; a longer one is ignored (RFC 6265bis §5.6)."""
    max_cookie_attributes: int = 32
    """Attributes of one Set-Cookie field that are looked at: there are nine to know."""
    max_cookie_attribute_size: int = 1024
    """Octets of the value of one attribute; a longer one is ignored (RFC 6265bis §5.6)."""
    max_cookie_age_s: int = 34560000
    """Seconds that a cookie may live from its setting, 400 days: a later end is cut (RFC 6265bis §5.5)."""
    max_cookies_per_request: int = 150
    """Cookies of one Cookie field, read or written. As in aiohttp."""
    max_cookie_field_size: int = 8190
    """Octets of a Cookie field that is written: servers refuse a longer field."""
    max_cookies_per_domain: int = 180
    """Cookies of one domain in a jar; above it some are taken away. As in aiohttp and browsers."""
    kept_cookies_per_domain: int = 150
    """Cookies of one domain that are left then, so that the work is not done again for each new one."""
    max_cookies: int = 3300
    """Cookies in a jar; above it some are taken away. As in aiohttp and browsers."""
    kept_cookies: int = 3000
    """Cookies that are left then."""
    max_structured_members: int = 1024
    """Members of a structured list or dictionary; RFC 9651 §3.1, §3.2 ask for 1024. Beyond it the field is refused."""
    max_structured_inner_members: int = 256
    """Items of an inner list, and parameters of one thing; RFC 9651 §3.1.1, §3.1.2 ask for 256. Beyond it: refused."""
    max_parameters: int = 64
    """Parameters of one member of a field (``;name=value``). Nobody needs ten; beyond it the member is unreadable."""
    max_list_members: int = 256
    """Members of a list from which one is chosen (Accept and its kin); what follows is left out."""
    max_ranges: int = 64
    """Ranges in one Range field. Beyond it the field is ignored, as RFC 9110 §14.2 allows: the answer is the whole."""
    max_decoded_size: int = 0
    """Octets of a body once its content codings are undone. Beyond it: 413. Off, since a body is streamed and never
    gathered here; what gathers it has a bound of its own."""
    max_coding_ratio: int = 256
    """Octets of decoded content for each octet that came, all codings of the body together. Beyond it: 413. Text
    reaches 20, a table of equal rows 100; gzip of nothing but zeros has 1030, the other codings have no such end."""
    coding_ratio_floor: int = 4194304
    """Octets of decoded content up to which the ratio is not looked at: a small body is no bomb, whatever its ratio."""
    max_coding_members: int = 1024
    """Members of a gzip body, and frames of a zstd body. Each costs up to 25 µs and need not hold an octet."""
    max_codings: int = 4
    """Content codings applied one over the other. Two are rare already."""
    max_coding_window: int = 16777216
    """Octets of memory that the sender of a br or zstd body may claim as window: as much as br knows (RFC 7932); zstd
    may have 8 MiB at the most (RFC 9659), whatever stands here. Most senders of br claim 4 MiB, of zstd 2 MiB."""
    max_form_fields: int = 1000
    """Fields of one form, urlencoded or multipart. Beyond it: 413. As in Django; browsers send far fewer."""
    max_parts: int = 1000
    """Parts of a multipart body, those of nested ones included; fields of a form. Beyond it: 413. As in aiohttp."""
    max_part_headers: int = 128
    """Field lines in the head of a part. Beyond it: 431. As in aiohttp."""
    max_part_field_size: int = 8190
    """Octets of one field line of a part. Beyond it: 431. As in aiohttp."""
    max_part_head_size: int = 32768
    """Octets of all field lines of a part: a head with a long file name has one or two thousand."""
    max_part_size: int = 0
    """Octets of one part as sent. Beyond it: 413. Off, since a part is streamed; a form has ``max_form_size``."""
    max_multipart_size: int = 0
    """Octets of all parts together, heads and bodies as sent. Beyond it: 413. Off, for the same reason."""
    max_multipart_depth: int = 8
    """Multipart bodies inside of each other, the outermost counted; each level reads its octets once more."""
    max_preamble_size: int = 65536
    """Octets before the first delimiter, and again behind the last one: they are read and thrown away."""
    max_form_size: int = 1048576
    """Octets of a form that is gathered, names, values and files. Beyond it: 413. As aiohttp's ``client_max_size``."""
    max_form_field_size: int = 1048576
    """Octets of one decoded field of a form that is not a file; it is held in memory. Beyond it: 413."""
    form_spool_size: int = 262144
    """Octets of a file in a form that are held in memory; a greater file is written to a temporary one on disk."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value < 0:
                raise ValueError(f"{field.name} is {value!r}, expected 0 (off) or more")


DEFAULT_LIMITS = Limits()
"""What applies when a program says nothing."""
