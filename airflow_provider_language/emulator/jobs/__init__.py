"""Jobs: their life, which follows from the clock, and what they compute."""
