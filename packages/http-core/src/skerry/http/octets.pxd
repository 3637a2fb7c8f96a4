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


cdef extern from *:
    """
    #include <string.h>

    /* True when a CR in a block has a hyphen three octets on: a loop that compilers make vector code of. */
    #define SKERRY_BLOCK 256
    #define SKERRY_LOOK_OVER(block) \\
        unsigned char found = 0; \\
        int at; \\
        for (at = 0; at < SKERRY_BLOCK; at++) \\
            found |= (unsigned char)((block[at] == 13) & (block[at + 3] == 45)); \\
        return found

    static int skerry_look_over(const unsigned char *block) { SKERRY_LOOK_OVER(block); }

    #if defined(__x86_64__) && defined(__GNUC__)
    __attribute__((target("avx2"))) static int skerry_look_over_avx2(const unsigned char *block)
    {
        SKERRY_LOOK_OVER(block);
    }
    #define SKERRY_CHOOSE() (__builtin_cpu_supports("avx2") ? skerry_look_over_avx2 : skerry_look_over)
    #else
    #define SKERRY_CHOOSE() skerry_look_over
    #endif

    /* The first delimiter (it begins with CR LF - -) that starts in data[start:stop], or -1. */
    static Py_ssize_t skerry_find_delimiter(const unsigned char *data, Py_ssize_t start, Py_ssize_t stop,
                                            const unsigned char *sought, Py_ssize_t size)
    {
        int (*look_over)(const unsigned char *) = SKERRY_CHOOSE();
        while (start < stop) {
            Py_ssize_t end = stop;
            if (stop - start >= SKERRY_BLOCK) {
                end = start + SKERRY_BLOCK;
                if (!look_over(data + start)) {
                    start = end;
                    continue;
                }
            }
            while (start < end) {
                const unsigned char *hit = (const unsigned char *)memchr(data + start, 13, (size_t)(end - start));
                if (hit == NULL)
                    break;
                if (hit[3] == 45 && memcmp(hit, sought, (size_t)size) == 0)
                    return hit - data;
                start = hit - data + 1;
            }
            start = end;
        }
        return -1;
    }
    """
    Py_ssize_t skerry_find_delimiter(const unsigned char *data, Py_ssize_t start, Py_ssize_t stop,
                                     const unsigned char *sought, Py_ssize_t size) nogil


cdef inline Py_ssize_t find_delimiter(bytes data, bytes delimiter, Py_ssize_t start) except -2:
    cdef Py_ssize_t size = len(delimiter)
    return skerry_find_delimiter(data, start, len(data) - size + 1, delimiter, size)
