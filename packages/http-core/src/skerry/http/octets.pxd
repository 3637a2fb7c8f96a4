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


cdef inline Py_ssize_t find_delimiter(bytes data, bytes delimiter, Py_ssize_t start) except -2:
    # A delimiter begins with CR, which is rare in most files: memchr runs over the rest.
    cdef const char *first = PyBytes_AS_STRING(data)
    cdef const char *sought = PyBytes_AS_STRING(delimiter)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(delimiter)
    cdef Py_ssize_t stop = PyBytes_GET_SIZE(data) - size + 1
    cdef const char *hit
    while start < stop:
        hit = <const char *> memchr(first + start, 13, stop - start)
        if hit == NULL:
            return -1
        if hit[1] == sought[1] and memcmp(hit, sought, size) == 0:
            return hit - first
        start = hit - first + 1
        while start < stop and first[start] == 13 and first[start + 1] == 13:
            start += 1
    return -1
