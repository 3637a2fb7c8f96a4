from ..h1.connection cimport Connection

cdef Py_ssize_t JOIN_LIMIT

cdef class H1Connection:
    cdef public Connection core
    cdef public object limits, transport
    cdef public bint is_alive
    cdef long long _read_limit
    cdef bint _reading_paused, _writing_paused
    cdef public bint _eof
    cdef object _lost, _read_waiter, _write_waiters
    cdef bytes _unsent
    cdef public object _loop
    cdef object __weakref__

    cpdef object note_received(self)
    cpdef object note_taken(self, bint is_short)
    cpdef object pull(self)
    cpdef object resume_reading(self)
    cpdef object wake_reader(self)
    cpdef object hold(self, bytes raw)
    cpdef object flush(self)
    cpdef object write(self, bytes raw)
    cpdef object _wake_writers(self)
