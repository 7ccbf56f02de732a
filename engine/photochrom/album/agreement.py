"""Frames move to colors that they agree on.

Each cell i of each frame has a predicted color c(i) and a move d(i), in ab. The moves minimize the sum, over all
frames, of

- how far matching cells are apart after their moves: alike · |x(i) - Σ share · x(partner)|², x = c + d;
- how much neighboring cells of a frame move differently, more where they are alike in tone and color: so that a frame
  moves as a whole, object by object, also where it has no match;
- how far the white point of each frame is from that of all: the mean color of its light, nearly neutral cells;
- a weak pull of all moves to 0, stronger for vivid cells: a plain mean of vivid and gray would make all frames dull.

It is a sparse, symmetric, positive definite linear system, solved by conjugate gradients (Hestenes & Stiefel 1952),
preconditioned with its diagonal.

Memory is bounded: frames are matched with the `NEIGHBORS` before them, and solved in blocks, each with the last frames
of the block before it held where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from photochrom.album.looks import whiteness
from photochrom.album.matching import Matches, match

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from photochrom.album.looks import Look
    from photochrom.values import Plane

    Vectors = NDArray[np.float64]
    """(n, 2): an ab vector for each cell."""

NEIGHBORS: Final = 3
"""How many frames before it each one is compared with."""

BLOCK: Final = 200
"""How many frames are solved together."""

SMOOTH: Final = 0.3
"""Weight of two alike neighbors' moving alike, a perfect match having 1 …"""

TONE: Final = 8.0
"""… and how fast it falls with their difference in L* (σ) …"""

COLOR: Final = 6.0
"""… and in predicted color, in ab units (σ)."""

PULL: Final = 0.003
"""Weight of staying, for a gray cell …"""

VIVID: Final = 20.0
"""… and the chroma at which it is twice that."""

WHITE: Final = 0.1
"""Weight of the white points, for a frame whose cells are all white."""

STEPS: Final = 100
"""Steps of the solver at most …"""

EXACT: Final = 1e-4
"""… and the residual, relative to that of no move, that is small enough."""


@dataclass(frozen=True)
class Agreed:
    """A frame after the agreement: the `move` of its cells (h, w, 2) in ab, None if it matches no other frame and stays
    as it is; and with how many other frames it was found to match."""

    move: Plane | None
    matching: int


@dataclass
class _Frame:
    look: Look
    held: Plane | None
    start: int
    matching: int = 0


@dataclass
class _Block:
    """Frames that are solved together, and what binds their cells, numbered through all of them."""

    frames: list[_Frame] = field(default_factory=list)
    matches: list[tuple[int, int, Matches]] = field(default_factory=list)

    def add(self, look: Look, held: Plane | None) -> None:
        start = self.frames[-1].start + self.frames[-1].look.cells if self.frames else 0
        new = _Frame(look, held, start)
        for other in self.frames[-NEIGHBORS:]:
            found = match(look, other.look)
            if found:
                self.matches += [(new.start, other.start, found[0]), (other.start, new.start, found[1])]
                new.matching += 1
                other.matching += 1
        self.frames.append(new)


def agree(frames: Iterable[tuple[Look, Plane | None]]) -> Iterator[Agreed]:
    """The frames of an album in their order, each with the move (h, w, 2) that it is held at, if any -> what becomes of
    each."""
    block, known = _Block(), 0
    for look, held in frames:
        block.add(look, held)
        if len(block.frames) == BLOCK:
            yield from (done := _solved(block))[known:]
            block, known = _following(block, done), NEIGHBORS
    yield from _solved(block)[known:]


def _following(block: _Block, done: list[Agreed]) -> _Block:
    """The next block: it begins with the last frames of this one, held."""
    following = _Block()
    for frame, agreed in list(zip(block.frames, done, strict=True))[-NEIGHBORS:]:
        move = agreed.move if agreed.move is not None else np.zeros_like(frame.look.colors)
        following.add(frame.look, move)
        following.frames[-1].matching = 0
    return following


def _solved(block: _Block) -> list[Agreed]:
    """What becomes of the frames of a block."""
    frames = block.frames
    if not block.matches:
        return [Agreed(frame.held, 0) for frame in frames]
    moves = _System(block).solved()
    return [
        Agreed(_cut(moves, frame) if frame.held is None and frame.matching else frame.held, frame.matching)
        for frame in frames
    ]


def _cut(values: Vectors, frame: _Frame) -> Plane:
    """One frame's part (h, w, 2) of the vectors of all."""
    return np.asarray(values[frame.start : frame.start + frame.look.cells].reshape(*frame.look.shape, 2), np.float32)


class _System:
    """The linear system A · d = b of one block."""

    def __init__(self, block: _Block) -> None:
        frames = block.frames
        looks = [frame.look for frame in frames]
        self._colors = np.concatenate([each.colors.reshape(-1, 2) for each in looks]).astype(np.float64)
        self._count = len(self._colors)
        self._pull = PULL * (1 + np.linalg.norm(self._colors, axis=1) / VIVID)
        self._frame = np.repeat(np.arange(len(looks)), [each.cells for each in looks])
        held = [np.zeros_like(each.look.colors) if each.held is None else each.held for each in frames]
        self._held = np.concatenate([each.reshape(-1, 2) for each in held]).astype(np.float64)
        self._free = np.repeat([each.held is None for each in frames], [each.cells for each in looks])[:, None]
        self._bind(block)
        self._smooth(frames)
        self._whiten(frames)

    def _bind(self, block: _Block) -> None:
        """Matching cells."""
        self._cells = np.concatenate([start + each.cells for start, _, each in block.matches])
        self._partners = np.concatenate([start + each.partners for _, start, each in block.matches])
        self._shares = np.concatenate([each.shares for _, _, each in block.matches]).astype(np.float64)
        self._alike = np.concatenate([each.alike for _, _, each in block.matches]).astype(np.float64)

    def _smooth(self, frames: list[_Frame]) -> None:
        """Neighbors in a frame."""
        firsts, seconds, weights = [], [], []
        for frame in frames:
            tone, color = frame.look.lightness, frame.look.colors
            number = frame.start + np.arange(frame.look.cells).reshape(frame.look.shape)
            for one, other in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:], np.s_[:-1])):
                away = ((tone[one] - tone[other]) / TONE) ** 2 + (((color[one] - color[other]) / COLOR) ** 2).sum(-1)
                firsts.append(number[one].ravel())
                seconds.append(number[other].ravel())
                weights.append(SMOOTH * np.exp(-away.ravel() / 2))
        self._firsts, self._seconds = np.concatenate(firsts), np.concatenate(seconds)
        self._stiff = np.concatenate(weights).astype(np.float64)

    def _whiten(self, frames: list[_Frame]) -> None:
        """Each cell's share in its frame's white point, sum 1; and the weight of each frame's white point."""
        shares, weights = [], []
        for frame in frames:
            white = whiteness(frame.look)
            weights.append(WHITE * white.sum() if frame.matching or frame.held is not None else 0.0)
            shares.append((white / max(white.sum(), 1e-9)).ravel())
        self._white = np.concatenate(shares).astype(np.float64)
        self._whiteness = np.array(weights)
        self._whiteness_shares = self._whiteness / max(self._whiteness.sum(), 1e-9)

    def solved(self) -> Vectors:
        """The moves of all cells."""
        moves = self._held.copy()
        rest = self._free * -(self._apart(self._colors + moves) + self._bent(moves))
        scale = 1 / self._diagonal()[:, None]
        enough = EXACT**2 * float((rest * scale * rest).sum())
        along = scaled = scale * rest
        height = float((rest * scaled).sum())
        for _ in range(STEPS):
            if height <= enough:
                break
            pressed = self._free * (self._apart(along) + self._bent(along))
            step = height / float((along * pressed).sum())
            moves += step * along
            rest = rest - step * pressed
            scaled = scale * rest
            height, before = float((rest * scaled).sum()), height
            along = scaled + height / before * along
        return moves

    def _apart(self, colors: Vectors) -> Vectors:
        """Half the gradient of what matching cells and white points are apart."""
        partners = np.einsum("nk,nkc->nc", self._shares, colors[self._partners])
        apart = self._alike[:, None] * (colors[self._cells] - partners)
        spread = self._shares[..., None] * apart[:, None]
        whites = self._sums(self._frame, self._white[:, None] * colors, len(self._whiteness))
        off = self._whiteness[:, None] * (whites - self._whiteness_shares @ whites)
        return np.asarray(
            self._sums(self._cells, apart)
            - self._sums(self._partners.ravel(), spread.reshape(-1, 2))
            + self._white[:, None] * off[self._frame]
        )

    def _bent(self, moves: Vectors) -> Vectors:
        """Half the gradient of how differently neighbors move, and how far all do."""
        bent = self._stiff[:, None] * (moves[self._firsts] - moves[self._seconds])
        pulled = self._pull[:, None] * moves
        return np.asarray(pulled + self._sums(self._firsts, bent) - self._sums(self._seconds, bent))

    def _diagonal(self) -> NDArray[np.float64]:
        """About that of A."""
        counted = [
            (self._cells, self._alike),
            (self._partners.ravel(), (self._alike[:, None] * self._shares**2).ravel()),
            (self._firsts, self._stiff),
            (self._seconds, self._stiff),
        ]
        return np.asarray(self._pull + sum(np.bincount(where, weight, self._count) for where, weight in counted))

    def _sums(self, where: NDArray[np.intp], values: Vectors, count: int = 0) -> Vectors:
        """Values (n, 2), summed by the numbers (n,) that they belong to."""
        return np.stack([np.bincount(where, values[:, each], count or self._count) for each in (0, 1)], -1)
