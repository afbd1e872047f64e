"""Events as the dialect knows them (2.16)."""
