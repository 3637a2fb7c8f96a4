cdef class FieldName:
    cdef readonly object text
    cdef readonly int kind
