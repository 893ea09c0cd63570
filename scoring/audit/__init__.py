"""Does the index hold together? Statistics, correlations and checks of a scoring; pure."""

from scoring.audit.coherence import audit
from scoring.audit.findings import Check, CoherenceAudit

__all__ = ["Check", "CoherenceAudit", "audit"]
