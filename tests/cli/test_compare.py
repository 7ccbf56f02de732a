"""`photochrom compare`."""

from __future__ import annotations

from PIL import Image


def test_compare_writes_one_sheet_and_reports_missing_colorizers(run, photograph, tmp_path):
    sheet = tmp_path / "sheet.png"
    done = run("compare", photograph, "-c", "lite", "-c", "nobody", "-o", sheet)
    assert (done.code, done.out) == (1, f"{sheet}\n")
    assert "no colorizer named 'nobody'" in done.err
    assert Image.open(sheet).width > Image.open(sheet).height
    refused = run("compare", photograph, "-c", "lite", "-o", sheet)
    assert refused.code == 4
    assert "already exists" in refused.err
    assert run("compare", photograph, "-c", "lite", "-o", sheet, "--overwrite").code == 0
