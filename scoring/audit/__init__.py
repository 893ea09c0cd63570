"""Does the index hold together? Statistics, correlations and checks of a scoring; pure."""
