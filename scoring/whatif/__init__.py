"""What would be if: rescoring with other values, other weights, or another run's; pure."""
