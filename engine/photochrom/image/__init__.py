"""Pixels in and out: pictures from files and from the editors' layers, CIE Lab, color spaces, the gamut.

Lab means CIE L*a*b* D50, the ICC connection space, everywhere. numpy holds proxies (`lab`); everything at
full size is a `pyvips.Image` that streams in strips (`colorimetry`, `gamut`, `picture`, `files`, `layer`).
"""
