"""Programs of others that drive the emulator and cannot share one environment with each other."""
