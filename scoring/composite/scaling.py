"""With which numbers an indicator was normalised, read from a finished sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from scoring.composite import elementary
from scoring.composite.policies import UNSCALED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.composite.sheet import ScoreSheet, Tree


def scaled_from(
    sheet: ScoreSheet, tree: Tree, column: int, remark: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The normalisation of an indicator and its parameters.

    ``minimum``, ``maximum``, ``mean``, ``sd`` and ``count`` are those of the directed (and, where
    ``transform`` says so, logarithmic) values of the reference set; goalposts and target are as
    given, in the indicator's unit. *remark* is what the executed method says of the indicator.
    """
    said = sheet.method["normalise"]
    kind = remark.get("method", said["method"])
    code = sheet.indicators[column]
    at = tree.codes.index(code)
    found: dict[str, Any] = {"direction": tree.directions[at]}
    if tree.transform and tree.transform[at] == "ln":
        found["transform"] = "ln"
    if kind not in UNSCALED:
        found |= {"lower": said["lower"], "upper": said["upper"]}
    if kind == "goalposts":
        return kind, found | {
            "best": tree.best[at], "worst": tree.worst[at], "clip": said["clip"],
        }  # fmt: skip
    if kind in ("none", "scaled"):
        return kind, found
    peers = sheet.treated[:, column]
    if said["reference_set"] == "ranked" and sheet.ranked is not None:
        peers = peers[sheet.ranked]
    peers = peers[~np.isnan(peers)]
    peers = (elementary.log(peers) if "transform" in found else peers) * tree.directions[at]
    found["count"] = int(peers.size)
    if not peers.size:
        return kind, found
    found |= {"minimum": float(peers.min()), "maximum": float(peers.max())}
    if kind == "zscore":
        spread = float(peers.std(ddof=1)) if peers.size > 1 else 0.0
        found |= {"mean": float(peers.mean()), "sd": spread}
        found |= {"to_mean": said["mean"], "to_sd": said["sd"]}
    elif kind == "distance-to-target":
        found["target"] = tree.target[at]
    elif kind == "distance-to-reference":
        found["reference"] = said["reference"]
    return kind, found
