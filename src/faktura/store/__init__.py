"""How data is kept: records, transactions, full text. Knows no business."""
