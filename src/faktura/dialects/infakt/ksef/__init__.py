"""KSeF as the contract has it (19)."""
