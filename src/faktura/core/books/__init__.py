"""The books of one account and the house they stand in: history, jobs to do, tasks, kept answers."""
