"""Lists what a bundle consists of, as an SBOM in CycloneDX's format: sbom-SYSTEM.cdx.json.

    python installers/sbom.py dist/photochrom-lite --environment build/bundle/lite/venv --into dist

The packages are those of the environment that the bundle was built in, without what is there for the build alone; the
system's libraries are those of the bundle's THIRD-PARTY/libraries.txt. Needs cyclonedx-bom (PyPI) in the Python that
runs this. The same bundle gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parents[1]
SYSTEMS: Final = {"linux": "linux", "win32": "windows", "darwin": "macos"}
NOT_BUNDLED: Final = frozenset((REPOSITORY / "installers/bundle/not-bundled.txt").read_text("utf-8").split())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, metavar="BUNDLE_FOLDER")
    parser.add_argument("--environment", type=Path, default=REPOSITORY / "build/bundle/lite/venv", metavar="FOLDER")
    parser.add_argument("--into", type=Path, default=REPOSITORY / "dist", help="folder of the result (default: dist)")
    asked = parser.parse_args()
    asked.into.mkdir(parents=True, exist_ok=True)
    target = asked.into / f"sbom-{SYSTEMS[sys.platform]}.cdx.json"
    listed = asked.bundle / "THIRD-PARTY" / "libraries.txt"
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    content = contents(packages(asked.environment), lines, version_of(asked.bundle))
    target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(target)


def packages(environment: Path) -> dict[str, Any]:
    """What cyclonedx-bom finds in an environment. Raises subprocess.CalledProcessError."""
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    with tempfile.TemporaryDirectory() as temporary:
        found = Path(temporary) / "sbom.json"
        command = [sys.executable, "-m", "cyclonedx_py", "environment", str(python)]
        # Of pyproject.toml: what the list is about, the application.
        project = ["--pyproject", str(REPOSITORY / "pyproject.toml"), "--mc-type", "application"]
        form = ["--spec-version", "1.6", "--output-format", "JSON", "--output-reproducible", "--output-file"]
        subprocess.run([*command, *project, *form, str(found)], check=True)
        content: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return content


def version_of(bundle: Path) -> str:
    """As the program itself says it."""
    program = bundle / ("photochrom.exe" if sys.platform == "win32" else "photochrom")
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=True).stdout
    return str(said.split()[-1])


def contents(found: dict[str, Any], libraries: list[str], version: str) -> dict[str, Any]:
    """Without what was there for the build, and with the system's libraries, each a line of FILE PACKAGE VERSION."""
    about = found["metadata"]["component"]
    about["version"] = version
    kept = [each for each in found["components"] if each["name"].lower() not in NOT_BUNDLED]
    debian = sorted({tuple(line.split(" ")[1:3]) for line in libraries})
    system = [
        {
            "type": "library",
            "bom-ref": f"deb:{name}",
            "name": name,
            "version": version,
            "purl": f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}",
        }
        for name, version in debian
    ]
    refs = {each["bom-ref"] for each in (*kept, *system)}
    wanted = [
        {**each, "dependsOn": sorted(ref for ref in each.get("dependsOn", []) if ref in refs)}
        for each in found["dependencies"]
        if each["ref"] in refs
    ]
    root = {"ref": about["bom-ref"], "dependsOn": sorted(refs)}
    return {**found, "components": [*kept, *system], "dependencies": [root, *wanted]}


if __name__ == "__main__":
    main()
