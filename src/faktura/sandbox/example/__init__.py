"""The example data: firms, and what they have, issue, buy and look after."""
