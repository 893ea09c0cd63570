"""Score files without a server or a database."""

from scoring.standalone.scored_json import as_json
from scoring.standalone.scorer import Standalone, score_files

__all__ = ["Standalone", "as_json", "score_files"]
