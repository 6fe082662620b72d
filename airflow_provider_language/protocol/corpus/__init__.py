"""Many documents: how they are divided into jobs."""
