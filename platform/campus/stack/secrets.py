"""Secrets that the site makes for itself: once, on first use, readable by nobody else."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def random_text() -> str:
    """384 random bits."""
    return secrets.token_urlsafe(48)


def rsa_key() -> str:
    """A private key in PEM, to sign with."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def secret(data_dir: Path, name: str, make: Callable[[], str] = random_text) -> str:
    """Return the secret `name` of this installation, making it on first use.

    Safe when several processes ask at once: a finished file is linked into place, the first one wins and all read it.
    """
    path = data_dir / "secrets" / name
    if not path.exists():
        make_data_dir(data_dir)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_once(path, make())
    return path.read_text()


def make_data_dir(data_dir: Path) -> None:
    """Make the folder for all data; others may pass through it (the database's account must), not list it."""
    if not data_dir.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        data_dir.chmod(0o711)


def _write_once(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # Another process made it in the meantime; its secret counts.
    finally:
        draft.unlink()
