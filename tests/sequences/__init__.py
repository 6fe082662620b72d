"""Random sequences of faults, crashes, kills and clears around the real operators, and what they may cost."""
