"""What a country decides: currency, time zone, VAT rates by date, the day of the exchange rate, lists of its law."""
