#!/usr/bin/env bash
# Content Credentials go into the first directory of a TIFF of one page. In a file of several pages c2pa-python appends a
# directory that holds nothing else, which readers take for one more page: Pillow cannot count the pages any more
# (TypeError), OpenCV counts one too many, tifffile lists it, and libvips opens the file only as long as it is not told to
# stop at errors. c2pa itself calls the file valid.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --prefer-binary \
    c2pa-python==0.38.1 cryptography==50.0.2 pillow==13.0.0 opencv-python-headless==5.0.0.93 \
    pyvips==3.2.0 pyvips-binary==8.18.7 tifffile==2026.3.3 numpy==2.4.6

"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import io
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import c2pa
import cv2
import numpy as np
import pyvips
import tifffile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

for package in ("c2pa-python", "pillow", "opencv-python-headless", "pyvips-binary", "tifffile"):
    print(package, version(package))
folder = sys.argv[1]


def certificate(name, key, issuer, issuing, ca):
    subject, by = (
        x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"), x509.NameAttribute(NameOID.COMMON_NAME, each)])
        for each in (name, issuer)
    )
    others = "content_commitment key_encipherment data_encipherment key_agreement encipher_only decipher_only".split()
    usage = x509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **dict.fromkeys(others, False))
    start = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder(by, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca, None), True)
        .add_extension(usage, True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), False)
    )
    if not ca:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
    return made.sign(issuing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


root, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
chain = certificate("signer", key, "root", root, False) + certificate("root", root, "root", root, True)
private = key.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
)
settings = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_trust": False}})


def signed(pages):
    """A TIFF of so many gray pages, as bytes, with Content Credentials."""
    plain, result = io.BytesIO(), io.BytesIO()
    with tifffile.TiffWriter(plain) as file:
        for page in range(pages):
            file.write(np.full((32, 32), 50 * page, np.uint8), photometric="minisblack", metadata=None)
    plain.seek(0)
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, private, None))
    manifest = {"claim_generator_info": [{"name": "test", "version": "1"}]}
    builder = c2pa.Builder(manifest, context=c2pa.Context(settings, signer))
    builder.set_intent(c2pa.C2paBuilderIntent.CREATE, c2pa.C2paDigitalSourceType.DIGITAL_CREATION)
    builder.sign("image/tiff", plain, result)
    with c2pa.Reader("image/tiff", io.BytesIO(result.getvalue())) as reader:
        print(f"{pages} pages signed; c2pa: {reader.get_validation_state()}")
    return result.getvalue()


def by_pillow(data):
    try:
        return Image.open(io.BytesIO(data)).n_frames
    except TypeError as error:
        return f"TypeError: {error}"


def by_opencv(data):
    with open(f"{folder}/pages.tif", "wb") as file:
        file.write(data)
    return cv2.imcount(f"{folder}/pages.tif")


def by_libvips(data):
    try:
        pyvips.Image.new_from_buffer(data, "", fail_on="error").avg()
    except pyvips.Error:
        return "refused"
    return "read"


found = {}
for pages in (1, 3):
    data = signed(pages)
    listed = len(tifffile.TiffFile(io.BytesIO(data)).pages)
    found[pages] = (by_pillow(data), by_opencv(data), listed, by_libvips(data))
    print("  Pillow {}, OpenCV {}, tifffile {}, libvips {}".format(*found[pages]))
if found != {1: (1, 1, 1, "read"), 3: ("TypeError: Missing dimensions", 4, 4, "refused")}:
    sys.exit("CHANGED: the pages are counted in another way.")
print("As found: three signed pages are four, of which the last is none.")
PYTHON
