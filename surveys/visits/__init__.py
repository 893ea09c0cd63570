"""Visits: sites, plans, quotas, the recorded draw, conflicts of interest, assignments."""
