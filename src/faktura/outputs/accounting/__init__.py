"""Documents and expenses as accounting programs take them in."""
