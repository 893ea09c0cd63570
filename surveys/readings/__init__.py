"""Readings: the value of an indicator on one visit, and the observation made of them."""
