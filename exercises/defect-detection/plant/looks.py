"""What a picture looks like in numbers: the features of the baselines. They see pictures and lots, nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from plant.lots import Floats

Texts = NDArray[np.str_]
Greys = NDArray[np.uint8]

WIDTHS = (3, 5, 9, 19)  # of a spot, in pixels
STRONG = 4.0  # standard deviations


def statistics(pictures: Greys) -> Floats:
    """Brightness and its spread, the extremes and their skew: what a spreadsheet would ask first, (pictures, 7)."""
    greys = np.arange(256.0)
    share = np.array([np.bincount(picture.ravel(), minlength=256) for picture in pictures]) / pictures[0].size
    mean = share @ greys
    spread = np.sqrt(share @ greys**2 - mean**2)
    skew = (share * (greys - mean[:, None]) ** 3).sum(axis=1) / spread**3
    until = share.cumsum(axis=1)
    ends = [(until > part).argmax(axis=1) - mean for part in (0.0, 0.01, 0.99)]
    highest = 255.0 - (share[:, ::-1] > 0).argmax(axis=1) - mean
    return np.column_stack([mean, spread, skew, *ends, highest])


def blobs(pictures: Greys, lots: Texts) -> Floats:
    """For each width of spots, how far the most unusual one stands out, its size and its length, (pictures, 16)."""
    grey = pictures.astype(np.float32)
    columns = []
    for width in WIDTHS:
        spots = _standardised(_spots(grey, width), lots)
        columns += [spots.max(axis=(1, 2)), -spots.min(axis=(1, 2)), *_largest(spots)]
    return np.column_stack(columns).astype(np.float64)


def _spots(grey: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """What is brighter or darker than its surroundings: the mean of a square less that of one three times as wide."""
    near, far = (ndimage.uniform_filter(grey, (0, side, side)) for side in (width, 3 * width))
    spots: NDArray[np.float32] = near - far
    return spots


def _standardised(spots: NDArray[np.float32], lots: Texts) -> NDArray[np.float32]:
    """In standard deviations of the picture's own lot: lots differ in grain, and half of them are unseen."""
    found = spots.copy()
    for lot in np.unique(lots):
        found[lots == lot] /= np.median(spots[lots == lot].std(axis=(1, 2)))
    return found


def _largest(spots: NDArray[np.float32]) -> list[Floats]:
    """Of the largest connected strong spot: its area and its length (the diagonal of its box)."""
    area, length = np.zeros(len(spots)), np.zeros(len(spots))
    for number, picture in enumerate(np.abs(spots) > STRONG):
        labels, count = ndimage.label(picture, structure=np.ones((3, 3)))
        if count:
            sizes = np.bincount(labels.ravel())[1:]
            box = ndimage.find_objects(labels)[int(sizes.argmax())]
            area[number] = sizes.max()
            length[number] = np.hypot(*(side.stop - side.start for side in box))
    return [np.log1p(area), np.log1p(length)]


def strongest(pictures: Greys, lots: Texts, *, width: int = 5, from_deviations: float = 2.5) -> list[NDArray[np.bool_]]:
    """Where the most unusual spot of each picture is: the connected pixels around its strongest one."""
    spots = np.abs(_standardised(_spots(pictures.astype(np.float32), width), lots))
    marks = []
    for picture in spots:
        labels, _ = ndimage.label(picture > from_deviations, structure=np.ones((3, 3)))
        top = labels.flat[int(picture.argmax())]
        marks.append((labels == top) if top else np.zeros(picture.shape, dtype=bool))
    return marks
