"""Transports play flows over an HTTP library: they carry requests and decide nothing."""
