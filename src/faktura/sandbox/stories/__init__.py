"""What can be made to happen in a sandbox: single events, stories of several steps, values that have outcomes."""
