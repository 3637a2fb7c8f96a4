cimport cython
from ..events cimport Data, EndOfMessage
from ..heads cimport RequestHead, ResponseHead
from .decoder cimport Decoder
from .parser cimport RequestParser, ResponseParser
from .writer cimport HeadWriter, chunk_head, join_head, last_chunk

cdef int IDLE, AWAITED, BODY, DONE, SWITCHED, CLOSED_STATE, ERROR
cdef int ASKED, INFORMATIONAL, HEAD, DATA, ENDED, NEXT, SWITCH, CLOSE, FAIL, REFUSED, STEPS
cdef long long CHUNKED, UNTIL_CLOSE
cdef bytes REQUEST_TABLE, RESPONSE_TABLE
cdef EndOfMessage END

cdef class Connection:
    cdef readonly object role, limits
    cdef readonly bint is_server
    cdef int _request, _response
    cdef bytes _data
    cdef Py_ssize_t _at, _pending_size
    cdef list _pending
    cdef bint _eof, _closing, _upgrade, _is_10, _no_body
    cdef object _error
    cdef RequestParser _requests
    cdef ResponseParser _responses
    cdef HeadWriter _writer
    cdef Decoder _decoder
    cdef object _method
    cdef long long _to_send, _max_body
    cdef int _informational, _max_informational

    cdef object _start_exchange(self)
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
    cpdef bytes send(self, event)
    @cython.locals(writer=HeadWriter, chunked=bint)
    cpdef bytes send_request(self, RequestHead head)
    @cython.locals(writer=HeadWriter, parts=list, raw=bytes, status=int, state=int, length="long long", no_body=bint,
                   closing=bint, extra=str)
    cpdef bytes send_response(self, ResponseHead head, bytes body)
    cdef bytes _send_informational(self, ResponseHead head, list parts)
    cpdef tuple frame_data(self, Py_ssize_t size)
    cpdef bytes send_end(self, EndOfMessage event)
    cdef bint _is_last(self) except -1
    cpdef object close_after(self)
    cpdef object start_next_cycle(self)
    cdef object _switch(self)
    @cython.locals(after=int)
    cdef object _step_request(self, int step)
    @cython.locals(after=int)
    cdef object _step_response(self, int step)
