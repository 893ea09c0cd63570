"""Speeds, side by side with bare baselines in the same run: ``python -m bench [NAME …]``."""
