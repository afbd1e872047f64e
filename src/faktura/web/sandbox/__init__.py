"""The panel of the sandbox: its clock, its faults, who can sign in, what was written to whom."""
