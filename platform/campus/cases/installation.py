"""Puts a pack's files in place: checked, built and scored in a folder of their own, then renamed as a whole.

Nothing is ever half-installed: until the rename the work lies in a folder whose name nobody reads.
"""

import hashlib
import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from campus.cases.files import prepare_downloads
from grader.checks import check_build, check_pack
from grader.csvfile import read_predictions
from grader.pack import Build, Pack, PackError, load_build, load_pack
from grader.pack.generation import build_pack
from grader.pack.seeds import Seed, SeedKind, read_secret_seed, seed_of
from grader.scoring import load_truth, score

logger = logging.getLogger(__name__)

# Another processor or NumPy may round a last digit otherwise. The recorded scores of the samples decide whether the
# data are the same; digests are compared byte for byte by `grader check`, where packs are made, and wherever the data
# lie in the pack.
TOLERATED = {"digest_differs"}


@dataclass(frozen=True)
class Installation:
    """What is to be installed: a pack that was read, and the seed of its data."""

    pack: Pack
    seed: Seed
    folder: str

    @classmethod
    def of(cls, *, source: Path, seed_file: Path | None) -> "Installation":
        """Read the pack and the seed; raises PackError. The folder's name tells both apart and gives neither away."""
        pack = load_pack(source.resolve())
        seed = read_secret_seed(seed_file) if seed_file else seed_of(pack)
        digest = hashlib.sha256(f"{pack.digest} {seed.digest}".encode()).hexdigest()
        return cls(pack=pack, seed=seed, folder=f"{pack.slug}-{pack.version}-{digest[:12]}")

    @property
    def path(self) -> Path:
        return Path(settings.CASE_ROOT) / self.folder


@dataclass(frozen=True)
class Prepared:
    """What the database keeps of an installation's files."""

    features_digest: str
    truth_digest: str
    baselines: list[dict[str, Any]]


def prepare(installation: Installation) -> Prepared:
    """Make the installation's folder unless it is there, and measure its baselines.

    Raises PackError when the pack does not prove itself.
    """
    if not installation.path.exists():
        _make_folder(installation)
    pack, build = load_pack(installation.path / "pack"), load_build(installation.path / "build")
    return Prepared(
        features_digest=build.features_digest,
        truth_digest=build.truth_digest,
        baselines=scored_baselines(pack=pack, build=build),
    )


def _make_folder(installation: Installation) -> None:
    root = installation.path.parent
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".new-", dir=root))
    try:
        _fill(work, installation)
        work.rename(installation.path)
    except OSError:
        if not installation.path.exists():  # else another process was quicker, with equal files
            raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fill(folder: Path, installation: Installation) -> None:
    source = installation.pack.path
    shutil.copytree(source, folder / "pack", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    pack = load_pack(folder / "pack")
    secret = installation.seed.kind is SeedKind.SECRET
    build = build_pack(pack, out=folder / "build", seed=installation.seed if secret else None)
    # What a pack proves, it proves on its demo seed: the expected scores of its samples are of that one.
    problems = check_pack(source) if secret else check_build(pack, build)
    tolerated = TOLERATED if pack.data is None else set()
    for problem in (found for found in problems if found.code in tolerated):
        logger.warning("%s", problem.text("en"))
    if serious := [problem for problem in problems if problem.code not in tolerated]:
        raise PackError(serious)
    prepare_downloads(folder, [file.name for file in pack.files])


def scored_baselines(*, pack: Pack, build: Build) -> list[dict[str, Any]]:
    """Each baseline of the pack with its label and its scores on both splits."""
    truth = load_truth(build, pack)
    measured = []
    for baseline in pack.baselines:
        predictions = read_predictions(build.baseline(baseline.key).read_bytes(), pack=pack, ids=build.ids)
        scores = score(pack=pack, truth=truth, predictions=predictions).scores
        label = {"ja": baseline.label.ja, "en": baseline.label.en}
        measured.append({"key": baseline.key, "label": label, "public": scores["public"], "private": scores["private"]})
    return measured
