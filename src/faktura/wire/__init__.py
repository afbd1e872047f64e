"""What every machine door needs: reading requests, limits, rendered answers, the API document."""
