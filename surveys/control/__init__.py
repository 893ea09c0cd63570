"""The control room: coverage, arrivals, backlog and warning signs of a round's field work."""
