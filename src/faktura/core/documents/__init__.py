"""What all papers share: lines, totals, numbers, payments, links."""
