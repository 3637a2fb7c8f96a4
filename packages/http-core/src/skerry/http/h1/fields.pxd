cimport cython
from .. cimport octets
from ..names cimport FieldName

cdef int CR, LF, TAB, SPACE, COLON
cdef int CONNECTION, CONTENT_LENGTH, EXPECT, HOST, SINGLETON, TRANSFER_ENCODING, UPGRADE
cdef long long NO_LIMIT
cdef dict KNOWN, FRAMING_NAMES

cdef class FieldBlock:
    cdef public bint lenient
    cdef public object part
    cdef public Py_ssize_t max_line, max_count, max_total
    cdef public bytes known_host
    cdef public object headers
    cdef public Py_ssize_t at, count, size
    cdef public unsigned long long seen
    cdef public bytes raw
    cdef public long long content_length
    cdef public object codings
    cdef public int options
    cdef public bint expect_continue, has_upgrade, has_host

    cpdef object reset(self)

    @cython.locals(
        p="const unsigned char *", at=Py_ssize_t, first=int, end=Py_ssize_t, colon=Py_ssize_t,
        first_octet=Py_ssize_t, last=Py_ssize_t, after=Py_ssize_t, done=bint, name=bytes, known=FieldName, kind=int)
    cpdef bint read(self, bytes data, Py_ssize_t start, Py_ssize_t stop) except -1

    cdef object _count(self, Py_ssize_t size)

    @cython.locals(p="const unsigned char *")
    cdef Py_ssize_t _line_end(self, bytes data, Py_ssize_t at, Py_ssize_t stop) except -2

    cdef object _check_cut(self, Py_ssize_t at, Py_ssize_t end)
    cdef object _bad_name(self, bytes data, Py_ssize_t at, Py_ssize_t colon)

    @cython.locals(begin=Py_ssize_t, end=Py_ssize_t, after=Py_ssize_t, kind=int)
    cdef Py_ssize_t _take_folded(self, bytes data, Py_ssize_t at, Py_ssize_t colon, Py_ssize_t stop) except -2

    cdef object _note(self, int kind, bytes value)
    cdef object _note_length(self, bytes value)
    cdef object _note_host(self, bytes value)
