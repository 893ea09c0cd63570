"""Tests of the OpenRosa protocol."""
