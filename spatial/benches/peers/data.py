"""The faces, points and answers that `locate -- export` wrote, and how answers of others compare with ours."""

import numpy
import shapely

# Others may say otherwise of points so near to a border, in degrees: a third of a lattice step. They take a border
# itself for any of its faces, none, or all.
ON_BORDER = 3e-8


class Data:
    def __init__(self, directory, edited=False):
        suffix = "_edited" if edited else ""
        self.rings = rings(numpy.fromfile(directory / f"faces{suffix}.bin", "<i4"))
        self.lattice = numpy.fromfile(directory / "points.bin", "<i4").reshape(-1, 2)
        self.ours = numpy.fromfile(directory / f"ours{suffix}.bin", "<i4")
        self.degrees = self.lattice / 1e7
        self.polygons = numpy.array([shapely.Polygon(ring / 1e7) for ring in self.rings])
        self.points = shapely.points(self.degrees)

    def disagreements(self, answer, reach=ON_BORDER):
        """How many answers are not ours: away from all borders, and within `reach` of a border of the faces named."""
        ours = self.ours[: len(answer)]
        suspects = numpy.flatnonzero(answer != ours)
        if not len(suspects):
            return 0, 0
        where = self.points[suspects]
        borders = shapely.boundary(self.polygons)
        shapely.prepare(borders)
        points, polygons = shapely.STRtree(self.polygons).query(where, "dwithin", reach)
        near = shapely.dwithin(borders[polygons], where[points], reach)
        touching = set(zip(points[near].tolist(), polygons[near].tolist()))
        on_border = 0
        for at, index in enumerate(suspects.tolist()):
            named = {int(ours[index]), int(answer[index])} - {-1, -2}
            on_border += bool(named) and all((at, polygon) in touching for polygon in named)
        return len(suspects) - on_border, on_border


def rings(numbers):
    found, at = [], 1
    for _ in range(numbers[0]):
        count = int(numbers[at])
        found.append(numbers[at + 1 : at + 1 + 2 * count].reshape(-1, 2))
        at += 1 + 2 * count
    return found


def answers(points, polygons, count):
    """One answer a point from pairs of both: -1 for none, -2 where several faces claim it."""
    answer = numpy.full(count, -1)
    order = numpy.argsort(points, kind="stable")
    points, polygons = points[order], polygons[order]
    answer[points] = polygons
    answer[points[1:][points[1:] == points[:-1]]] = -2
    return answer
