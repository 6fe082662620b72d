"""What comes out of a job: its handle, its status, its results, and how it ended."""
