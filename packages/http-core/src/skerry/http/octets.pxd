from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_GET_SIZE
from libc.string cimport memchr, memcmp


cdef extern from *:
    """
    /* 1 for each tchar of RFC 9110 section 5.6.2; the upper half of the table is zero */
    static const unsigned char skerry_tchar[256] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0,
        0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 0,
    };
    """
    const unsigned char *skerry_tchar


cdef inline Py_ssize_t skip_token(const unsigned char *data, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    while start < stop and skerry_tchar[data[start]]:
        start += 1
    return start


cdef inline Py_ssize_t skip_value(const unsigned char *data, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    cdef unsigned char octet
    while start < stop:
        octet = data[start]
        if (octet < 0x20 and octet != 0x09) or octet == 0x7F:
            break
        start += 1
    return start


cdef inline Py_ssize_t skip_target(const unsigned char *data, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
    cdef unsigned char octet
    while start < stop:
        octet = data[start]
        if octet <= 0x20 or octet == 0x7F or octet == 0x23:
            break
        start += 1
    return start


cdef inline Py_ssize_t count_lines(bytes raw) except -2:
    cdef const unsigned char *data = raw
    cdef Py_ssize_t at = 0
    cdef Py_ssize_t stop = len(raw)
    cdef Py_ssize_t lines = 0
    while True:
        at = skip_value(data, at, stop)
        if at >= stop:
            return lines
        if data[at] != 0x0D or at + 1 >= stop or data[at + 1] != 0x0A:
            return -1
        lines += 1
        at += 2


cdef inline Py_ssize_t find_delimiter(bytes data, bytes delimiter, bytes skips, Py_ssize_t start) except -2:
    # A delimiter begins with CR, which is rare in most files: memchr runs over the rest. Where it is not (lines of text
    # that end with CR LF), jumps by pairs of octets are faster; they need a delimiter of some length.
    cdef const char *first = PyBytes_AS_STRING(data)
    cdef const char *sought = PyBytes_AS_STRING(delimiter)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(delimiter)
    cdef Py_ssize_t stop = PyBytes_GET_SIZE(data) - size + 1
    cdef const char *hit
    cdef int credit = 8
    while start < stop:
        hit = <const char *> memchr(first + start, 13, stop - start)
        if hit == NULL:
            return -1
        if hit[1] == sought[1] and memcmp(hit, sought, size) == 0:
            return hit - first
        credit += 1 if hit - first - start >= 64 else -1
        start = hit - first + 1
        if credit == 0:
            if size >= 16:
                return find_by_pairs(<const unsigned char *> first, start, stop, sought, size,
                                     <const unsigned char *> PyBytes_AS_STRING(skips))
            credit = 8
    return -1


cdef inline Py_ssize_t find_by_pairs(
    const unsigned char *data, Py_ssize_t start, Py_ssize_t stop, const char *sought, Py_ssize_t size,
    const unsigned char *skips
) noexcept nogil:
    cdef Py_ssize_t at = start + size - 1
    cdef Py_ssize_t end = stop + size - 1
    cdef Py_ssize_t skip
    while at < end:
        skip = skips[(data[at] + (data[at - 1] << 3)) & 255]
        if skip == 0:
            if memcmp(data + at - size + 1, sought, size) == 0:
                return at - size + 1
            skip = skips[256]
        at += skip
    return -1
