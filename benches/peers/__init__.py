"""One module per measured application; each runs in a process of its own (``benches.child``)."""
