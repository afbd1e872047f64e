"""What public registries said: kept answers, calls of a day, and the proofs that an account keeps."""
