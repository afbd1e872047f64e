"""What a country decides: its VAT rates and the dates from which they hold."""
