"""A ranking on screen: what each page shows, computed from the facts of the report. Pure."""
