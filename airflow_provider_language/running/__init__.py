"""What operators and sensors share in running a task: what it was given, its limits, failures, and state."""
