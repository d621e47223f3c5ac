"""Grows the trees, with LightGBM, and turns them into a `Forest`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from briefing.condense.forest import LEAVES, Forest
from briefing.condense.reading import Vector

_SETTINGS: Final[Mapping[str, Any]] = {
    "objective": "cross_entropy",
    "learning_rate": 0.1,
    "num_leaves": LEAVES,
    "min_child_samples": 40,
    "feature_fraction": 0.6,
    "bagging_freq": 1,
    "bagging_fraction": 0.8,
    "reg_lambda": 5.0,
    "max_bin": 63,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
TREES: Final = 80


def chances(table: NDArray[np.float32], wanted: Vector, *, seeds: int) -> Forest:
    """Return trees that estimate log-odds (cross entropy) of the columns of `table`.

    They are grown `seeds` times, each from other samples and features: the mean errs less.
    """
    grown = []
    for seed in range(seeds):
        settings = {**_SETTINGS, "seed": seed}
        # One thread here too: several do not live on in a process that is forked.
        data = lightgbm.Dataset(table.T, wanted, params=settings)
        grown.append(forest(lightgbm.train(settings, data, TREES)))
    return Forest(
        np.concatenate([one.columns for one in grown], 1),
        np.concatenate([one.thresholds for one in grown], 1),
        np.concatenate([one.masks for one in grown], 1),
        (np.concatenate([one.leaves for one in grown]) / seeds).astype(np.float32),
    )


def forest(booster: lightgbm.Booster) -> Forest:
    """Return the trees of LightGBM as a forest."""
    columns, thresholds, masks, leaves = [], [], [], []
    for tree in booster.dump_model()["tree_info"]:
        splits, values = _flat(tree["tree_structure"])
        splits += [(0, np.inf, (1 << LEAVES) - 1)] * (LEAVES - 1 - len(splits))
        columns.append([column for column, _, _ in splits])
        thresholds.append([_below(threshold) for _, threshold, _ in splits])
        masks.append([mask for _, _, mask in splits])
        leaves.append(values + [0] * (LEAVES - len(values)))
    return Forest(
        np.array(columns, np.int16).T.copy(),
        np.array(thresholds, np.float32).T.copy(),
        np.array(masks, np.uint16).T.copy(),
        np.array(leaves, np.float32),
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
