"""Review of submissions: queue, return, approve, accept, agreement of second looks."""
