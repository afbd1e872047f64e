"""KSeF on the pages of a Polish firm."""
