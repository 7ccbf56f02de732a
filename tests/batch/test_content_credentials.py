"""Signed results: valid for readers of C2PA, and for all other readers what they were before."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import c2pa
import numpy as np
import pytest
import pyvips
import tifffile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from photochrom import Options, colorize_file
from photochrom.batch.content_credentials import Credentials
from photochrom.batch.settings import Settings
from photochrom.errors import BadRequest
from PIL import Image

from .conftest import PHOTOGRAPH

PEM = serialization.Encoding.PEM
KEYS = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}
SHA256 = "0" * 64


def certificate(name, key, issuer, issuing_key, *, days=365, ca=False):
    """One that C2PA accepts: for signing (`ca`: certificates)."""
    unused = "content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only"
    usage = dict.fromkeys(unused.split(), False)
    names = [
        x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Archive"), x509.NameAttribute(NameOID.COMMON_NAME, each)]
        )
        for each in (name, issuer)
    ]
    start = datetime.now(UTC) - timedelta(days=2)
    builder = (
        x509.CertificateBuilder(*reversed(names), key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **usage), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing_key.public_key()), False)
    )
    if not ca:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    return builder.sign(issuing_key, hashes.SHA256()).public_bytes(PEM)


def signer(folder, kind="p256", days=365, of=None):
    """Files of a key, and of its certificate (or that of another key) with its issuer's."""
    root, key = ec.generate_private_key(ec.SECP256R1()), KEYS[kind]()
    chain = certificate("signer", of or key, "root", root, days=days)
    chain += certificate("root", root, "root", root, ca=True)
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(private)
    (folder / "chain.pem").write_bytes(chain)
    return folder / "key.pem", folder / "chain.pem"


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """A gray photograph with metadata in 8 bits, and in 16."""
    folder = tmp_path_factory.mktemp("scans")
    small = pyvips.Image.new_from_file(str(PHOTOGRAPH)).colourspace("b-w")[0].resize(0.25)
    small.copy(interpretation="b-w").write_to_file(str(folder / "8.png"))
    deep = (small.cast("float") * 257).cast("ushort").copy(interpretation="grey16")
    deep.write_to_file(str(folder / "16.tif"))
    return {8: folder / "8.png", 16: folder / "16.tif", "exif": PHOTOGRAPH}


FILES = [
    (8, ".jpg"),
    (8, ".png"),
    (8, ".tif"),
    (8, ".webp"),
    (16, ".png"),
    (16, ".tif"),
    ("exif", ".tif"),
    ("exif", ".jpg"),
]


@pytest.fixture(scope="module", params=FILES, ids=lambda each: f"{each[0]}{each[1]}")
def pair(request, scans, tmp_path_factory):
    """A result, and the same signed."""
    of, suffix = request.param
    folder = tmp_path_factory.mktemp("signed")
    plain = colorize_file(scans[of], folder / f"plain{suffix}", Options()).output
    signed = Path(shutil.copy(plain, folder / f"signed{suffix}"))
    Credentials(*signer(folder)).sign(signed, scans[of], SHA256, "lite")
    return plain, signed


def read(path):
    """What a reader of C2PA finds: its state, and the active manifest."""
    with c2pa.Reader(str(path)) as reader:
        found = json.loads(reader.json())
        return found["validation_state"], found["manifests"][found["active_manifest"]]


def test_the_photograph_is_the_parent(pair):
    state, manifest = read(pair[1])
    assert state == "Valid"
    (parent,) = manifest["ingredients"]
    assert parent["relationship"] == "parentOf"
    assert parent["description"] == f"SHA-256 {SHA256}"
    opened, edited = (
        action
        for each in manifest["assertions"]
        if each["label"].startswith("c2pa.actions")
        for action in each["data"]["actions"]
    )
    assert opened["action"] == "c2pa.opened"
    assert edited["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert edited["softwareAgent"]["name"] == "Photochrom"
    assert "thumbnail" not in manifest
    assert "thumbnail" not in parent


def test_it_is_small(pair):
    plain, signed = pair
    assert 3000 < signed.stat().st_size - plain.stat().st_size < 5000


def test_libvips_reads_the_same_pixels(pair):
    plain, signed = (pyvips.Image.new_from_file(str(path)) for path in pair)
    assert (plain.format, plain.bands, plain.interpretation) == (signed.format, signed.bands, signed.interpretation)
    assert np.array_equal(plain.numpy(), signed.numpy())


def test_pillow_reads_the_same_pixels(pair):
    with Image.open(pair[1]) as signed:
        signed.verify()
    with Image.open(pair[0]) as plain, Image.open(pair[1]) as signed:
        assert np.array_equal(np.asarray(plain), np.asarray(signed))
        assert plain.info.get("icc_profile") == signed.info.get("icc_profile")


def test_tifffile_reads_the_same_pixels(pair):
    if pair[0].suffix != ".tif":
        pytest.skip("no TIFF")
    assert np.array_equal(tifffile.imread(pair[0]), tifffile.imread(pair[1]))


@pytest.mark.skipif(not shutil.which("exiftool"), reason="needs exiftool")
def test_exiftool_reads_the_same_metadata(pair):
    moved = ("SourceFile", "StripOffsets", "ExifTool", "JUMBF", "Directory", "JPEG-HDR")
    if (
        pair[0].suffix == ".png"
    ):  # After their credentials it does not find EXIF in these: findings/exiftool-c2pa-png.sh
        moved += ("IFD0", "ExifIFD", "IFD1", "Composite", "File:ExifByteOrder")

    def tags(path):
        groups = ["--System:all", "--JUMBF:all", "--CBOR:all", "--C2PA:all"]
        command = ["exiftool", "-json", "-G1", "-a", *groups, str(path)]
        (found,) = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        return {name: value for name, value in found.items() if not any(each in name for each in moved)}

    plain, signed = map(tags, pair)
    assert len(plain) > 10
    assert signed == plain


def test_pillow_reads_the_same_exif(pair):
    with Image.open(pair[0]) as plain, Image.open(pair[1]) as signed:
        moved = {273, 34665}  # strips, and the directory of EXIF, in a TIFF
        assert all(signed.getexif()[tag] == value for tag, value in plain.getexif().items() if tag not in moved)


@pytest.mark.parametrize("kind", KEYS)
def test_kinds_of_keys(kind, tmp_path, scans):
    credentials = Credentials(*signer(tmp_path, kind))
    credentials.check()
    shutil.copy(scans[8], tmp_path / "result.png")
    credentials.sign(tmp_path / "result.png", scans[8], SHA256, "lite")
    assert read(tmp_path / "result.png")[0] == "Valid"


def test_credentials_of_the_photograph_are_carried_on(tmp_path, scans):
    shutil.copy(scans[8], tmp_path / "scan.png")
    shutil.copy(scans[8], tmp_path / "result.png")
    credentials = Credentials(*signer(tmp_path))
    credentials.sign(tmp_path / "scan.png", scans[8], SHA256, "scanner")
    credentials.sign(tmp_path / "result.png", tmp_path / "scan.png", SHA256, "lite")
    _, before = read(tmp_path / "scan.png")
    state, manifest = read(tmp_path / "result.png")
    assert state == "Valid"
    assert manifest["ingredients"][0]["active_manifest"] == before["label"]


def test_a_photograph_that_c2pa_cannot_read_is_named_all_the_same(tmp_path, scans):
    Image.open(scans[8]).save(tmp_path / "scan.pgm")
    shutil.copy(scans[8], tmp_path / "result.png")
    Credentials(*signer(tmp_path)).sign(tmp_path / "result.png", tmp_path / "scan.pgm", SHA256, "lite")
    state, manifest = read(tmp_path / "result.png")
    assert (state, manifest["ingredients"][0]["title"]) == ("Valid", "scan.pgm")


def test_a_certificate_of_another_key_is_refused(tmp_path):
    with pytest.raises(BadRequest, match="not valid"):
        Credentials(*signer(tmp_path, of=ec.generate_private_key(ec.SECP256R1()))).check()


def test_a_certificate_that_has_expired_is_refused(tmp_path):
    with pytest.raises(BadRequest, match="not valid at time of signing"):
        Credentials(*signer(tmp_path, days=1)).check()


def test_a_key_with_a_passphrase_is_refused(tmp_path):
    key, chain = signer(tmp_path)
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    locked = serialization.BestAvailableEncryption(b"secret")
    key.write_bytes(private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, locked))
    with pytest.raises(BadRequest, match="cannot sign"):
        Credentials(key, chain)


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_what_is_no_key_is_refused(tmp_path, content):
    key, chain = signer(tmp_path)
    key.unlink() if content is None else key.write_bytes(content)
    with pytest.raises(BadRequest):
        Credentials(key, chain)


def test_layers_cannot_be_signed():
    with pytest.raises(BadRequest, match="OpenRaster"):
        Settings(c2pa_key="key", c2pa_certificate="chain", format="ora")
