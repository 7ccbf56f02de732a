#!/usr/bin/env bash
# ExifTool reads the EXIF of a PNG (chunk eXIf), but not when Content Credentials (C2PA, chunk caBX) come first in the file,
# where c2pa's own libraries put them: it warns only if asked, and takes the chunk for a directory that it has read. The
# chunks' order is free, the file is valid, and Pillow reads both. An order the other way round is read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: pillow==13.0.0 c2pa-python==0.38.1
(cd "$folder" && npm pack --silent exiftool-vendored.pl@13.59.3 >/dev/null && tar xzf exiftool-vendored.pl-13.59.3.tgz)
exiftool() { perl "$folder/package/bin/exiftool" "$@"; }
echo "ExifTool $(exiftool -ver)"

cat >"$folder/sign.py" <<'PYTHON'
import struct
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

for package in ("pillow", "c2pa-python"):
    print(package, version(package))
folder = sys.argv[1]
exif = Image.Exif()
exif[0x013B] = "N. N."  # Artist
Image.new("RGB", (32, 32), (200, 100, 50)).save(f"{folder}/plain.png", exif=exif)


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
signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo("es256", chain, private, None))
settings = c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_trust": False}})
builder = c2pa.Builder({"claim_generator_info": [{"name": "test", "version": "1"}]}, context=c2pa.Context(settings, signer))
builder.set_intent(c2pa.C2paBuilderIntent.CREATE, c2pa.C2paDigitalSourceType.DIGITAL_CREATION)
with open(f"{folder}/plain.png", "rb") as source, open(f"{folder}/signed.png", "w+b") as signed:
    builder.sign("image/png", source, signed)
with c2pa.Reader(f"{folder}/signed.png") as reader:
    print("c2pa says of the signed file:", reader.get_validation_state())


def chunks(data):
    place = 8
    while place < len(data):
        size = 12 + struct.unpack_from(">I", data, place)[0]
        yield data[place : place + size]
        place += size


# The same chunks, credentials last: no valid signature any more, but the same PNG for a reader of EXIF.
with open(f"{folder}/signed.png", "rb") as file:
    data = file.read()
parts = list(chunks(data))
print("chunks:", *(part[4:8].decode() for part in parts))
last = [part for part in parts if part[4:8] != b"caBX"]
last.insert(-1, next(part for part in parts if part[4:8] == b"caBX"))
with open(f"{folder}/last.png", "wb") as file:
    file.write(data[:8] + b"".join(last))
for name in ("plain", "signed"):
    with Image.open(f"{folder}/{name}.png") as picture:
        print(f"Pillow, {name}: artist {picture.getexif().get(0x013B)!r}")
        assert picture.getexif().get(0x013B) == "N. N."
PYTHON
"$folder/venv/bin/python" "$folder/sign.py" "$folder"

found=""
for name in plain signed last; do
    artist=$(exiftool -s3 -IFD0:Artist "$folder/$name.png")
    echo "ExifTool, $name: artist '$artist'"
    found="$found[$artist]"
done
echo "ExifTool, signed, asked to validate: $(exiftool -s3 -validate -warning "$folder/signed.png" | tail -1)"
if [ "$found" != "[N. N.][][N. N.]" ]; then
    echo "CHANGED: ExifTool reads them otherwise than before."
    exit 1
fi
echo "As found: EXIF after Content Credentials is not read."
