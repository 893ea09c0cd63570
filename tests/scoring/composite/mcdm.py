"""The golden decision matrix with pymcdm's weights and scores."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tests.golden import tables

FOLDER = tables.HERE / "mcdm"


@lru_cache(maxsize=1)
def matrix() -> np.ndarray:
    """``(14, 87)`` raw values."""
    read = tables.rows(FOLDER / "mcdm_X_14x87.csv")
    return np.array([[float(row[f"c{j}"]) for j in range(87)] for row in read])


@lru_cache(maxsize=1)
def weights() -> dict[str, np.ndarray]:
    """By method, and the ``type`` of every column."""
    read = tables.rows(FOLDER / "mcdm_weights_pymcdm140.csv")
    return {name: np.array([float(row[name]) for row in read]) for name in read[0]}


@lru_cache(maxsize=1)
def scores() -> dict[str, np.ndarray]:
    """By method, ``(14,)``."""
    read = tables.rows(FOLDER / "mcdm_scores_pymcdm140.csv")
    return {name: np.array([float(row[name]) for row in read]) for name in read[0]}


def directed() -> np.ndarray:
    """The matrix with costs negated."""
    return matrix() * weights()["type"]


def minmax(columns: np.ndarray) -> np.ndarray:
    """Every column from 0 to 1."""
    low, high = columns.min(axis=0), columns.max(axis=0)
    return (columns - low) / (high - low)
