"""Submissions: what a phone sent, each edition and file of it, receipts, devices."""
