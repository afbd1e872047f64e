"""The same contract written the way most would write it today."""
