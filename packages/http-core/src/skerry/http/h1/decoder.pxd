cimport cython
from .. cimport octets
from ..events cimport Data, EndOfMessage
from .fields cimport FieldBlock

cdef int CR, LF, TAB, SPACE, SEMICOLON, MAX_DIGITS
cdef int IN_SIZE, IN_DATA, IN_DATA_END, IN_TRAILERS, IN_END
cdef long long NO_LIMIT, MAX_SIZE
cdef EndOfMessage END

cdef class Decoder:
    cdef public Py_ssize_t at
    cpdef object read(self, bytes data, Py_ssize_t start, Py_ssize_t stop)
    cpdef EndOfMessage end(self)

cdef class LengthDecoder(Decoder):
    cdef public long long remaining
    @cython.locals(end=Py_ssize_t)
    cpdef object read(self, bytes data, Py_ssize_t start, Py_ssize_t stop)
    cpdef EndOfMessage end(self)

cdef class CloseDecoder(Decoder):
    cdef public long long allowed
    cpdef object read(self, bytes data, Py_ssize_t start, Py_ssize_t stop)
    cpdef EndOfMessage end(self)

cdef class ChunkedDecoder(Decoder):
    cdef public bint lenient
    cdef public int state
    cdef public long long remaining, allowed, max_line, extensions_allowed
    cdef public FieldBlock trailers

    @cython.locals(at=Py_ssize_t, end=Py_ssize_t, done=bint)
    cpdef object read(self, bytes data, Py_ssize_t start, Py_ssize_t stop)
    cpdef EndOfMessage end(self)

    @cython.locals(
        p="const unsigned char *", at=Py_ssize_t, size="long long", octet=int, digit=int, digits_end=Py_ssize_t,
        after=Py_ssize_t)
    cdef Py_ssize_t _read_size(self, bytes data, Py_ssize_t start, Py_ssize_t stop) except -2

    cdef object _start_chunk(self, long long size)

    @cython.locals(end=Py_ssize_t)
    cdef Py_ssize_t _skip_extension(self, bytes data, Py_ssize_t start, Py_ssize_t at, Py_ssize_t stop) except -2

    @cython.locals(after=Py_ssize_t)
    cdef Py_ssize_t _read_data_end(self, bytes data, Py_ssize_t at, Py_ssize_t stop) except -2

    @cython.locals(octet=int)
    cdef Py_ssize_t _line_end(self, bytes data, Py_ssize_t at, Py_ssize_t stop, object code) except -2

    cdef object _line_too_long(self)
