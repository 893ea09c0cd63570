"""Objections (异议与复核): a city objects, both sides answer, somebody else decides."""
