cimport cython
from ..events cimport Data, EndOfMessage
from ..heads cimport RequestHead, ResponseHead
from .receiver cimport Receiver
from .writer cimport HeadWriter, chunk_head, join_head, last_chunk

cdef int ASKED, AWAITED, BODY, DONE, ENDED, HEAD, IDLE, NEXT
cdef long long CHUNKED, UNTIL_CLOSE, UNSAID

cdef class Connection(Receiver):
    cdef HeadWriter _writer

    cpdef bytes send(self, event)
    @cython.locals(writer=HeadWriter, chunked=bint)
    cpdef bytes send_request(self, RequestHead head)
    @cython.locals(writer=HeadWriter, parts=list, raw=bytes, status=int, state=int, length="long long", no_body=bint,
                   closing=bint, is_tunnel=bint)
    cpdef bytes send_response(self, ResponseHead head, bytes body)
    cdef bytes _send_informational(self, ResponseHead head, bytes body, list parts)
    @cython.locals(writer=HeadWriter)
    cdef object _check_response(self, int status, bytes body, bint is_tunnel)
    @cython.locals(length="long long")
    cdef long long _decide_length(self, int status, bytes body, bint no_body) except -9
    @cython.locals(writer=HeadWriter, added=str)
    cdef str _added_fields(self, long long length, bint closing)
    cpdef tuple frame_data(self, Py_ssize_t size)
    cpdef bytes send_end(self, EndOfMessage event)
    cdef bint _is_last(self) except -1
    cpdef object close_after(self)
    cpdef object start_next_cycle(self)
