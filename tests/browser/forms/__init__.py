"""Tests of forms in a browser."""
