"""The OpenRosa protocol over forms and submissions, for our pages and for ODK Collect."""
