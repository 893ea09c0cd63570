"""Agreement of evaluators: what a round asks of it, what was found, and how strict each is."""
