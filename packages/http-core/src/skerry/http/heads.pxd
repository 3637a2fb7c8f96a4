cdef class RequestHead:
    cdef public object method
    cdef public object target
    cdef public object version
    cdef public object headers
    cdef public bytes raw_fields
    cdef public long long content_length
    cdef public bint chunked
    cdef public bint keep_alive
    cdef public bint expect_continue
    cdef public bint upgrade

cdef class ResponseHead:
    cdef public int status
    cdef public object reason
    cdef public object version
    cdef public object headers
    cdef public bytes raw_fields
    cdef public long long content_length
    cdef public bint chunked
    cdef public bint keep_alive
    cdef public bint upgrade
