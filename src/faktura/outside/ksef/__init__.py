"""KSeF, the Polish system of electronic invoices."""
