"""Looks for the darkest spot of each part, read from the zip; stops the parts where it is darkest."""

import zipfile

import numpy as np
from skimage.filters import gaussian
from skimage.io import imread


def pictures(path, names):
    with zipfile.ZipFile(path) as archive:
        return np.array([imread(archive.open(f"{name}.png")) for name in names], dtype=float)


def predict(data):
    names = data["test"]["画像ID"]
    grey = pictures(data.paths["test_images.zip"], names)
    smooth = np.array([gaussian(picture, 2) for picture in grey])
    darkest = np.median(smooth, axis=(1, 2)) - smooth.min(axis=(1, 2))
    order = darkest.argsort().argsort() / len(darkest)
    return data["sample_submission"][["画像ID"]].assign(score=order, label=(order > 0.8).astype(int))
