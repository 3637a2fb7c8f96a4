cimport cython

@cython.freelist(32)
cdef class Data:
    cdef readonly bytes data
    cdef readonly bint chunk_end

cdef class EndOfMessage:
    cdef readonly object trailers
