"""Invoices that machines can read, whatever their format: bytes in, plain values out."""
