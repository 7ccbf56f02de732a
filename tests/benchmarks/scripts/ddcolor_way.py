"""ddcolor_way.py SOURCE OUTPUT [SOURCE OUTPUT…]: photographs, one by one, colored the way DDColor's demo goes
(Kang et al. 2023): OpenCV and torch, 512 × 512 pixels for the network, its ab enlarged to the whole picture, which is
converted as a whole.

The network has DDColor-tiny's size and random weights; reading a checkpoint, which the demo has to, is left out.
"""

import sys

import cv2
import numpy as np
import torch
from photochrom.colorizers.ddcolor_network import SIZES, DDColorNetwork

SIDE = 512


@torch.inference_mode()
def colored(bgr: np.ndarray, network: torch.nn.Module) -> np.ndarray:
    """uint8 BGR (h, w, 3) -> the same, colored."""
    picture = bgr.astype(np.float32) / 255
    lightness = cv2.cvtColor(picture, cv2.COLOR_BGR2Lab)[..., :1]
    small = cv2.cvtColor(cv2.resize(picture, (SIDE, SIDE)), cv2.COLOR_BGR2Lab)
    small[..., 1:] = 0
    gray = torch.from_numpy(cv2.cvtColor(small, cv2.COLOR_Lab2RGB)).permute(2, 0, 1)[None]
    ab = network(gray)[0].permute(1, 2, 0).numpy()
    whole = cv2.resize(ab, (bgr.shape[1], bgr.shape[0]))
    result = cv2.cvtColor(np.concatenate([lightness, whole], -1), cv2.COLOR_Lab2BGR)
    return (result * 255).round().astype(np.uint8)


def main(*paths: str) -> None:
    network = DDColorNetwork(SIZES["convnext-t"]).eval()
    for source, output in zip(paths[::2], paths[1::2], strict=True):
        cv2.imwrite(output, colored(cv2.imread(source, cv2.IMREAD_COLOR), network))


main(*sys.argv[1:])
