"""What goes into a job: documents of each family, tasks with their parameters, and what it is billed."""
