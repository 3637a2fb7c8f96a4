"""One module per benchmark: what is measured, among whom, and with which goals."""
