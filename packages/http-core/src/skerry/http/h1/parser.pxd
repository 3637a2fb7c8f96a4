cimport cython
from .. cimport octets
from ..heads cimport RequestHead, ResponseHead
from .fields cimport FieldBlock

cdef int CR, LF, SPACE, SLASH, ZERO, CLOSE, KEEP_ALIVE, UPGRADES
cdef long long NO_LIMIT, CHUNKED
cdef dict _METHODS

cdef class RequestParser:
    cdef public FieldBlock fields
    cdef public Py_ssize_t max_line, max_empty, at, empty_lines
    cdef public RequestHead head

    @cython.locals(head=RequestHead, fields=FieldBlock, done=bint)
    cpdef RequestHead parse(self, bytes data, Py_ssize_t start, Py_ssize_t stop)

    @cython.locals(p="const unsigned char *")
    cdef Py_ssize_t _skip_empty_lines(self, bytes data, Py_ssize_t start, Py_ssize_t stop) except -1

    @cython.locals(
        p="const unsigned char *", end=Py_ssize_t, space=Py_ssize_t, last=Py_ssize_t, version=Py_ssize_t,
        minor=int, raw_version=bytes, raw_method=bytes)
    cdef RequestHead _read_line(self, bytes data, Py_ssize_t start, Py_ssize_t stop)

    @cython.locals(at=Py_ssize_t, size=Py_ssize_t)
    cdef object _check_begun_version(self, bytes raw)
    cdef object _decode_target(self, object method, bytes raw)
    cdef object _check_cut(self, object code, Py_ssize_t start, Py_ssize_t end)
    cdef object _bad_target(self, bytes data, Py_ssize_t start, Py_ssize_t last)

    @cython.locals(is_11=bint, options=int, framing="long long")
    cdef object _complete(self, RequestHead head, FieldBlock fields)

cdef class ResponseParser:
    cdef public FieldBlock fields
    cdef public Py_ssize_t max_line, at
    cdef public ResponseHead head
    cdef public object codings

    @cython.locals(head=ResponseHead, fields=FieldBlock, done=bint, options=int)
    cpdef ResponseHead parse(self, bytes data, Py_ssize_t start, Py_ssize_t stop)

    @cython.locals(
        p="const unsigned char *", end=Py_ssize_t, first=Py_ssize_t, last=Py_ssize_t, raw_version=bytes,
        hundreds=int, tens=int, ones=int)
    cdef ResponseHead _read_line(self, bytes data, Py_ssize_t start, Py_ssize_t stop)

    cdef object _bad_status(self, bytes seen)
    cdef object _bad_line_end(self, bytes data, Py_ssize_t last)
