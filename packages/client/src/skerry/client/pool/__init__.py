"""The pool of connections: who may share one, what to do with each, and how a new one is made."""
