"""What can go wrong in a benchmark: ``BenchError``, and nothing below it."""


class BenchError(Exception):
    """A measurement that did not take place as meant. It stops the run; it never becomes a number."""
