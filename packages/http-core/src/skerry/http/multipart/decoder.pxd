cimport cython
from .. cimport octets
from ..events cimport Data
from ..h1.fields cimport FieldBlock

cdef int CR, LF, TAB, SPACE, HYPHEN
cdef long long NO_LIMIT
cdef int MAX_PADDING
cdef int PREAMBLE, DELIMITER, PADDING, HEAD, BODY, EPILOGUE, ERROR

cdef class PartCount:
    cdef public Py_ssize_t parts

cdef class MultipartDecoder:
    cdef bytes _delimiter, _data
    cdef Py_ssize_t _size_of_delimiter, _max_line, _max_parts, _max_part, _max_all, _max_preamble
    cdef Py_ssize_t _at, _search, _arrived_size, _size, _all_size
    cdef PartCount _count
    cdef FieldBlock _fields
    cdef list _arrived
    cdef bint _arrived_line, _eof
    cdef int _state
    cdef object _error

    cpdef object receive_data(self, bytes data)
    cpdef object receive_eof(self)
    cpdef object next_event(self)
    cdef object _step(self)

    @cython.locals(rest=bytes, size=Py_ssize_t, start=Py_ssize_t)
    cdef bint _refill(self) except -1

    @cython.locals(data=bytes, at=Py_ssize_t, hit=Py_ssize_t, stop=Py_ssize_t)
    cdef object _read_body(self)

    @cython.locals(data=bytes, at=Py_ssize_t, stop=Py_ssize_t)
    cdef Py_ssize_t _first_of_delimiter(self) except -1

    @cython.locals(hit=Py_ssize_t, stop=Py_ssize_t)
    cdef object _read_preamble(self)

    @cython.locals(data=bytes, at=Py_ssize_t)
    cdef object _read_delimiter(self)

    @cython.locals(data=bytes, at=Py_ssize_t, stop=Py_ssize_t)
    cdef object _read_padding(self)

    @cython.locals(fields=FieldBlock, at=Py_ssize_t, done=bint)
    cdef object _read_head(self)

    cdef object _skip_epilogue(self)
    cdef object _no_more(self)
    cdef object _skip(self, Py_ssize_t size, str part)
    cdef object _count_size(self, Py_ssize_t size)
    cdef object _count_all(self, Py_ssize_t size)
    cdef object _bad_delimiter(self, bytes seen)
