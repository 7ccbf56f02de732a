"""Reading and writing pixels: pictures in files, editors' layers, CIE Lab, color spaces, gamut mapping.

Lab means CIE L*a*b* D50, the ICC connection space, everywhere. numpy holds proxies (`lab`); everything at
full size is a `pyvips.Image` that streams in strips (`colorimetry`, `gamut`, `picture`, `files`, `layer`).
"""
