cimport cython

cdef int DONE, ERROR, IDLE, REFUSED, STEPS, SWITCH, SWITCHED
cdef bytes REQUEST_TABLE, RESPONSE_TABLE

cdef class Cycle:
    cdef readonly object role
    cdef readonly bint is_server
    cdef int _request, _response
    cdef bint _closing, _upgrade, _is_10, _no_body
    cdef object _method
    cdef long long _to_send
    cdef int _informational

    cdef object _start_exchange(self)
    cdef object _switch(self)
    @cython.locals(after=int)
    cdef object _step_request(self, int step)
    @cython.locals(after=int)
    cdef object _step_response(self, int step)
