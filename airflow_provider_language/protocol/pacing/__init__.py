"""When to look at a job: how long jobs take, how many requests there are, and what a look is worth."""
