#!/usr/bin/env python3
"""Hostile polygons on the lattice and what shapely says each two of them have in common.

Writes spatial/src/coverage/overlaps_expected.csv, against which the coverage is tested: a line a case, the corners
of its faces (x y x y ..., faces divided by /) and the area common to two faces in square steps (one other area, /).
Needs shapely 2 (pip install shapely). Draws the same whenever it is run.
"""

import itertools
import random
from pathlib import Path

import shapely

CASES = 240
FILE = Path(__file__).parent.parent / "spatial/src/coverage/overlaps_expected.csv"
chance = random.Random(20261124)


def needle():
    """A long thin triangle: what two of them share is thinner than a step at its ends."""
    x, y, length = chance.randrange(300), chance.randrange(300), chance.randrange(2000, 9000)
    tip = y + chance.randrange(-200, 200)
    return [(x, y), (x + length, tip), (x + length, tip + chance.randrange(1, 5))]


def star():
    """A few corners anywhere."""
    return [(chance.randrange(1200), chance.randrange(1200)) for _ in range(chance.randrange(3, 8))]


def shard(neighbour):
    """A face along two corners of another, some of them moved by a step."""
    (a, b) = chance.sample(neighbour, 2)
    near = [(x + chance.randrange(-1, 2), y + chance.randrange(-1, 2)) for x, y in (a, b)]
    return [*near, (chance.randrange(1200), chance.randrange(1200))]


def case():
    faces = []
    while len(faces) < 2 + chance.randrange(4):
        ring = chance.choice([needle, star, lambda: shard(chance.choice(faces)) if faces else star()])()
        if len(set(ring)) == len(ring) and shapely.Polygon(ring).is_valid and shapely.Polygon(ring).area > 0:
            faces.append(ring)
    return faces


def main():
    with FILE.open("w", encoding="utf-8") as out:
        for _ in range(CASES):
            faces = case()
            shapes = [shapely.Polygon(ring) for ring in faces]
            common = [
                (one, other, shapely.intersection(shapes[one], shapes[other]).area)
                for one, other in itertools.combinations(range(len(faces)), 2)
            ]
            rings = "/".join(" ".join(f"{x} {y}" for x, y in ring) for ring in faces)
            overlaps = "/".join(f"{one} {other} {area:.6g}" for one, other, area in common if area > 0)
            out.write(f"{rings},{overlaps}\n")


main()
