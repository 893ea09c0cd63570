"""Files as evidence: what they are, how far they are trusted, how they are shown."""
