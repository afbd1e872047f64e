"""The facts of both contracts, and the tests that hold most of them."""
