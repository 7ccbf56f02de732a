"""Content Credentials (C2PA) of results: a signed statement in the file of who made it, of what, and how.

The photograph is the parent ingredient, by its hash and with the credentials that it has itself; no thumbnails, and
nothing is asked on the network: no time stamp, no revocation lists, no trust lists.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photochrom import __version__
from photochrom.errors import BadRequest, OutputFailed
from photochrom.extras import need
from photochrom.image.atomic import replacing
from photochrom.image.kinds import kind_of
from photochrom_client.protocol import DIGITAL_SOURCE_TYPE

if TYPE_CHECKING:
    import c2pa
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

_TYPES: Final = {
    "AVIF": "image/avif",
    "GIF": "image/gif",
    "HEIC": "image/heic",
    "JPEG": "image/jpeg",
    "JPEG XL": "image/jxl",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WebP": "image/webp",
}
"""Media types of files that c2pa reads, by the names of their kinds."""

_UNKNOWN: Final = "application/octet-stream"
"""The type of a photograph that c2pa does not look into: it is named, with its hash, all the same."""

_SETTINGS: Final = {
    "builder": {"thumbnail": {"enabled": False}},
    "verify": {"ocsp_fetch": False, "remote_manifest_fetch": False, "verify_after_sign": False, "verify_trust": False},
}

_NEEDED: Final = "Give a private key without a passphrase and its chain of certificates, the signer's first, both PEM."

_CURVES: Final = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


class Credentials:
    """A signer: the private key in the file `key`, and its certificates in `certificate`.

    Raises:
        ExtraMissing: the library is not installed. BadRequest: they cannot be used.
    """

    def __init__(self, key: Path, certificate: Path) -> None:
        need("c2pa", "c2pa", "cryptography")
        import c2pa

        private, chain = _read(key), _read(certificate)
        try:
            info = c2pa.C2paSignerInfo(_algorithm(_loaded(private)), chain, private, None)
            self._context = c2pa.Context(c2pa.Settings.from_dict(_SETTINGS), c2pa.Signer.from_info(info))
        except (c2pa.C2paError, ValueError, TypeError) as error:
            raise BadRequest(f"{key} and {certificate} cannot sign: {error}", _NEEDED) from error

    def check(self) -> None:
        """Whether readers will take what it signs, apart from whom they trust.

        Raises:
            BadRequest: they will not: the certificate is another key's, has expired, or is not made for signing.
        """
        import c2pa
        import pyvips

        blank = pyvips.Image.black(8, 8).pngsave_buffer()
        signed = io.BytesIO()
        try:
            self._builder("check", io.BytesIO(blank), "image/png", "").sign("image/png", io.BytesIO(blank), signed)
            signed.seek(0)
            with c2pa.Reader("image/png", signed, context=self._context) as reader:
                valid = reader.get_validation_state() in ("Valid", "Trusted")
                failures = (reader.get_validation_results() or {}).get("activeManifest", {}).get("failure", [])
        except c2pa.C2paError as error:
            raise BadRequest(f"What is signed with this key and certificate is not valid: {error}", _NEEDED) from error
        if not valid:
            said = "; ".join(f"{each['code']}: {each.get('explanation', '')}" for each in failures)
            raise BadRequest(f"What is signed with this key and certificate is not valid ({said}).", _NEEDED)

    def sign(self, result: Path, photograph: Path, digest: str, colorizer: str) -> None:
        """Signs the file `result`, made of `photograph` (SHA-256 `digest`) by a colorizer; it is replaced when whole.

        Raises:
            OutputFailed: it cannot be signed or written.
        """
        import c2pa

        type = _type_of(result)
        try:
            try:
                builder = self._of(photograph, _type_of(photograph), digest, colorizer)
            except c2pa.C2paError:  # a file that libvips reads, and c2pa does not
                builder = self._of(photograph, _UNKNOWN, digest, colorizer)
            with replacing(result) as unfinished, result.open("rb") as source, unfinished.open("w+b") as signed:
                builder.sign(type, source, signed)
        except c2pa.C2paError as error:
            raise OutputFailed(f"{result.name} cannot be signed: {error}", "Run it without --c2pa.") from error

    def _of(self, photograph: Path, type: str, digest: str, colorizer: str) -> c2pa.Builder:
        with photograph.open("rb") as file:
            return self._builder(photograph.name, file, type, colorizer, f"SHA-256 {digest}")

    def _builder(self, title: str, photograph: Any, type: str, colorizer: str, description: str = "") -> c2pa.Builder:
        """What is stated, before it is signed. `photograph`: an open file."""
        import c2pa

        software = {"name": "Photochrom", "version": __version__}
        colored = {
            "action": "c2pa.edited",
            "softwareAgent": software,
            "digitalSourceType": DIGITAL_SOURCE_TYPE,
            "description": f"Colors added by colorizer {colorizer}; tones unchanged",
        }
        builder = c2pa.Builder(
            {
                "claim_generator_info": [software],
                "title": title,
                "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [colored]}}],
            },
            context=self._context,
        )
        builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
        ingredient = {"title": title, "relationship": "parentOf", "description": description}
        builder.add_ingredient(ingredient, type, photograph)
        return builder


@lru_cache(maxsize=1)
def credentials(key: str, certificate: str) -> Credentials:
    """Those of a batch, read once in each process. Raises as `Credentials`."""
    return Credentials(Path(key), Path(certificate))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.", _NEEDED) from error


def _loaded(private: bytes) -> PrivateKeyTypes:
    """Raises ValueError for what is no key in PEM, TypeError where it has a passphrase."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(private, password=None)


def _algorithm(key: PrivateKeyTypes) -> str:
    """The signature that C2PA has for a kind of key. Raises ValueError where it has none."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise ValueError("C2PA has no signature with such a key.")


def _type_of(path: Path) -> str:
    """The media type of a picture's file, by its content."""
    return _TYPES.get(kind_of(path).name, _UNKNOWN)
