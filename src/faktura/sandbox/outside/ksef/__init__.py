"""A double of KSeF, the Polish national system of e-invoices: it answers as contract 2.9, fails as it is told to."""
