"""What a test holds in its hand, and what it does to requests and jobs."""
