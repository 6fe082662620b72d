"""What the service says and accepts, whichever family it is asked by."""
