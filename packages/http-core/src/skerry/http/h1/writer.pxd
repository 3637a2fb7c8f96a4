cimport cython
from .. cimport octets

cdef dict _KINDS, _CHECKED, _STATUS_LINES
cdef list _CHUNK_HEADS
cdef int CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING, UPGRADE, CLOSE, UPGRADES, _CHECKED_LIMIT

cdef class HeadWriter:
    cdef public long long content_length
    cdef public bint is_chunked, has_host, has_upgrade
    cdef public int options
    cdef public object host, checked_host

    @cython.locals(parts=list, kind=int)
    cpdef list note_fields(self, headers)
    @cython.locals(length=object)
    cdef object _note(self, int kind, value)
    cpdef object check_host(self)
    cpdef bint asks_upgrade(self)
    cpdef bint asks_close(self)

@cython.locals(raw=bytes, lines=Py_ssize_t)
cpdef bytes join_head(str start_line, list parts, str extra, headers)
cpdef bint is_value(str text)
cdef int _check_name(name) except -1
cpdef str request_line(str method, str target)
cpdef bytes chunk_head(Py_ssize_t size)
cpdef bytes last_chunk(trailers)
