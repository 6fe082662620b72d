"""What a report tells of the results of a run, gathered in bounded memory."""
