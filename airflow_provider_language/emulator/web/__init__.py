"""HTTP: routes, the gateway in front of them, and the control path with its page."""
