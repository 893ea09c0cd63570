"""Score files without a server or a database."""

from scoring.standalone.scorer import Standalone, as_json, score_files

__all__ = ["Standalone", "as_json", "score_files"]
