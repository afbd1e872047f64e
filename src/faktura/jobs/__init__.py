"""One short file per background job."""
