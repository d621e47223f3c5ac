"""Grows the trees, with LightGBM, and turns them into a `Forest`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from briefing.condense.forest import LEAVES, Forest
from briefing.condense.reading import Vector

_COMMON: Final[Mapping[str, Any]] = {
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "max_bin": 63,
    "bagging_freq": 1,
    "bagging_fraction": 0.8,
}
_SENTENCES: Final[Mapping[str, Any]] = {
    **_COMMON,
    "learning_rate": 0.1,
    "num_leaves": LEAVES,
    "min_child_samples": 40,
    "feature_fraction": 0.6,
    "reg_lambda": 5.0,
}
_SETS: Final[Mapping[str, Any]] = {
    **_COMMON,
    "learning_rate": 0.08,
    "num_leaves": 12,
    "min_child_samples": 100,
    "feature_fraction": 0.7,
    "reg_lambda": 10.0,
}
SENTENCE_TREES: Final = 80
SET_TREES: Final = 100
_TEMPERATURE: Final = 0.03
_STEP: Final = 20.0
"""Weight of the gradients of `_toward`, which are small: a share of a probability each."""


def chances(table: NDArray[np.float32], wanted: Vector, seed: int) -> lightgbm.Booster:
    """Return trees that estimate probabilities (cross entropy)."""
    return lightgbm.train(
        {**_SENTENCES, "objective": "cross_entropy", "seed": seed},
        lightgbm.Dataset(table, wanted),
        SENTENCE_TREES,
    )


def rewards(
    table: NDArray[np.float32], scores: Sequence[Vector], seed: int
) -> lightgbm.Booster:
    """Return trees that estimate how much better a set is than its article's others."""
    wanted = np.concatenate([one - one.mean() for one in scores])
    return lightgbm.train(
        {**_SETS, "objective": "regression", "seed": seed},
        lightgbm.Dataset(table, wanted),
        SET_TREES,
    )


def preferences(
    table: NDArray[np.float32], scores: Sequence[Vector], seed: int
) -> lightgbm.Booster:
    """Return trees whose softmax over an article's sets comes near that of their scores.

    As ListNet (Cao and others, ICML 2007).
    """
    return lightgbm.train(
        {
            **_SETS,
            "objective": _toward(scores),
            "min_sum_hessian_in_leaf": 0.1,
            "seed": seed,
        },
        lightgbm.Dataset(table, np.concatenate(scores)),
        SET_TREES,
    )


def _toward(scores: Sequence[Vector]) -> Any:
    sizes = [len(one) for one in scores]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    article = np.repeat(np.arange(len(sizes)), sizes)

    def softmax(values: Vector) -> Vector:
        above = np.maximum.reduceat(values, starts)
        shares = np.exp(values - above[article])
        normal: Vector = shares / np.add.reduceat(shares, starts)[article]
        return normal

    wanted = softmax(np.concatenate(scores) / _TEMPERATURE)

    def objective(found: Vector, _: object) -> tuple[Vector, Vector]:
        shares = softmax(found)
        return (shares - wanted) * _STEP, np.maximum(
            shares * (1 - shares) * _STEP, 1e-3
        )

    return objective


def forest(groups: Sequence[tuple[lightgbm.Booster, float]]) -> Forest:
    """Return one forest of trees with weights, an output for each.

    All must have the same number of trees.
    """
    columns, thresholds, masks, leaves = [], [], [], []
    for booster, weight in groups:
        for tree in booster.dump_model()["tree_info"]:
            splits, values = _flat(tree["tree_structure"])
            splits += [(0, np.inf, (1 << LEAVES) - 1)] * (LEAVES - 1 - len(splits))
            columns.append([column for column, _, _ in splits])
            thresholds.append([_below(threshold) for _, threshold, _ in splits])
            masks.append([mask for _, _, mask in splits])
            leaves.append([weight * v for v in values] + [0] * (LEAVES - len(values)))
    return Forest(
        np.array(columns, np.int16).T.copy(),
        np.array(thresholds, np.float32).T.copy(),
        np.array(masks, np.uint16).T.copy(),
        np.array(leaves, np.float32),
        len(groups),
    )


def _flat(root: dict[str, Any]) -> tuple[list[tuple[int, float, int]], list[float]]:
    """Return a tree's splits, with the leaves left when one goes right, and its leaves."""
    splits: list[tuple[int, float, int]] = []
    leaves: list[float] = []

    def walk(node: dict[str, Any]) -> None:
        if "leaf_value" in node:
            leaves.append(node["leaf_value"])
            return
        first = len(leaves)
        walk(node["left_child"])
        gone = (1 << len(leaves)) - (1 << first)
        splits.append(
            (node["split_feature"], node["threshold"], (1 << LEAVES) - 1 - gone)
        )
        walk(node["right_child"])

    walk(root)
    return splits, leaves


def _below(threshold: float) -> np.float32:
    """Return the greatest single-precision number that is not above `threshold`."""
    near = np.float32(threshold)
    return near if near <= threshold else np.nextafter(near, np.float32(-np.inf))
