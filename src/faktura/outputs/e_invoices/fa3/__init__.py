"""Documents as KSeF takes them: FA(3), the structure of the Polish Ministry of Finance."""
