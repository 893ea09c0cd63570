"""Findings: checkpoints that failed, with measure, department and evidence."""
