"""Documents for members and for their customers."""
