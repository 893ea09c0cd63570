"""Sealed packages: a published result that anybody can check and compute again."""
