cimport cython
from ..events cimport Data, EndOfMessage
from ..heads cimport RequestHead, ResponseHead
from .cycle cimport Cycle
from .decoder cimport Decoder
from .parser cimport RequestParser, ResponseParser

cdef int ASKED, AWAITED, BODY, CLOSE, CLOSED_STATE, ENDED, ERROR, HEAD, IDLE, INFORMATIONAL
cdef long long CHUNKED, UNTIL_CLOSE
cdef EndOfMessage END

cdef class Receiver(Cycle):
    cdef readonly object limits
    cdef bytes _data
    cdef Py_ssize_t _at, _pending_size
    cdef list _pending
    cdef bint _eof
    cdef object _error
    cdef RequestParser _requests
    cdef ResponseParser _responses
    cdef Decoder _decoder
    cdef long long _max_body
    cdef int _max_informational

    cpdef object receive_data(self, bytes data)
    cpdef object receive_eof(self)
    cdef object _merge(self)
    cpdef object next_event(self)
    @cython.locals(state=int, parser=RequestParser, head=RequestHead)
    cdef object _next_request_event(self)
    @cython.locals(state=int, parser=ResponseParser, head=ResponseHead)
    cdef object _next_response_event(self)
    cdef object _take_informational(self, ResponseHead head)
    @cython.locals(framing="long long")
    cdef object _take_final(self, ResponseHead head, object codings)
    @cython.locals(decoder=Decoder)
    cdef object _next_body_event(self)
    cdef object _no_head(self, bint has_begun)
