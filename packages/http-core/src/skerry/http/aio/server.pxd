cimport cython
from ..h1.connection cimport Connection
from ..heads cimport RequestHead, ResponseHead
from .connection cimport H1Connection

cdef class H1ServerConnection(H1Connection):
    cdef public H1ServerExchange exchange
    cdef object _on_exchange, _clock, _on_open, _on_close
    cdef double _deadline, _write_deadline
    cdef bint _in_head, _advancing, _shutting, _draining, _lingering
    cdef long long _drained

    cpdef object data_received(self, bytes data)
    cpdef object tick(self, double now)
    cdef object _expire(self, why)
    cdef object _set_deadline(self, double seconds)
    @cython.locals(has_body=bint, exchange=H1ServerExchange, core=Connection)
    cpdef object _advance(self)
    cdef object _refuse(self, error)
    @cython.locals(core=Connection)
    cdef object exchange_ended(self, H1ServerExchange exchange)
    cdef object _next_cycle(self)
    cdef object _drain_body(self)
    cpdef object shutdown(self)
    cpdef object abort(self)
    cdef object _close(self)
    cdef object _drop(self, Py_ssize_t size)
    cdef object _leave(self)

@cython.freelist(64)
cdef class H1ServerExchange:
    cdef public H1ServerConnection connection
    cdef public RequestHead request
    cdef public bint head_sent, is_ended
    cdef bint _body_ended, _continued
    cdef object __weakref__

    @cython.locals(connection=H1ServerConnection)
    cdef H1ServerConnection _check(self)
    cdef object _settle_body(self)
    @cython.locals(connection=H1ServerConnection)
    cpdef object receive_nowait(self)
    @cython.locals(connection=H1ServerConnection)
    cpdef object send_head(self, ResponseHead head)
    @cython.locals(connection=H1ServerConnection)
    cpdef object send_response(self, ResponseHead head, bytes body)
