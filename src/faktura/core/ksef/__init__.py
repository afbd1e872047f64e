"""KSeF, the Polish national system of e-invoices, as far as it is a matter of the books."""
