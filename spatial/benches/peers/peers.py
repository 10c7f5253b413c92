"""Other software on the faces and points of the bench: nanoseconds a point, and whether the answers are ours.

usage: peers.py DIR CARGO; DIR holds faces.bin, points.bin and ours.bin, see benches/locate/export.rs.
Where a point lies exactly on a border the others have their own rules: they may name any of the faces that meet there.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import numpy
import shapely

from postgis import PostGis

ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
SAMPLE = 500_000
SLOW_SAMPLE = 100_000

directory, cargo = Path(sys.argv[1]), sys.argv[2]


def faces():
    data = numpy.fromfile(directory / "faces.bin", "<i4")
    shapes, at = [], 1
    for _ in range(data[0]):
        count = int(data[at])
        ring = data[at + 1 : at + 1 + 2 * count].reshape(-1, 2) / 1e7
        shapes.append(shapely.Polygon(ring))
        at += 1 + 2 * count
    return numpy.array(shapes)


POLYGONS = faces()
LATTICE = numpy.fromfile(directory / "points.bin", "<i4").reshape(-1, 2)
OURS = numpy.fromfile(directory / "ours.bin", "<i4")
DEGREES = LATTICE / 1e7
POINTS = shapely.points(DEGREES[:SAMPLE])
timings: dict[str, list[float]] = {}
answers: dict[str, numpy.ndarray] = {}


def timed(name, count, work):
    start = time.perf_counter()
    answer = work()
    timings.setdefault(name, []).append((time.perf_counter() - start) * 1e9 / count)
    return answer


def pairs_to_answer(points, polygons, count):
    """One answer a point, -2 where several faces claim it."""
    answer = numpy.full(count, -1)
    order = numpy.argsort(points, kind="stable")
    points, polygons = points[order], polygons[order]
    answer[points] = polygons
    several = points[1:][points[1:] == points[:-1]]
    answer[several] = -2
    return answer


def ours():
    command = [cargo, "bench", "--quiet", "--package", "spatial", "--bench", "locate", "--", "ours", str(directory)]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        name, _, ns = line.rpartition(" ")
        timings.setdefault(name, []).append(float(ns))


def shapely_by_polygons():
    tree = shapely.STRtree(POLYGONS)
    points, polygons = timed(
        "shapely, tree on polygons, intersects", SLOW_SAMPLE, lambda: tree.query(POINTS[:SLOW_SAMPLE], "intersects")
    )
    answers["shapely, tree on polygons, intersects"] = pairs_to_answer(points, polygons, SLOW_SAMPLE)


def shapely_by_points():
    tree = shapely.STRtree(POINTS)

    def join():
        shapely.prepare(POLYGONS)
        return tree.query(POLYGONS, "intersects")

    polygons, points = timed("shapely, tree on points, prepared polygons", SAMPLE, join)
    shapely.destroy_prepared(POLYGONS)
    answers["shapely, tree on points, prepared polygons"] = pairs_to_answer(points, polygons, SAMPLE)


def duck():
    # The extension comes from PyPI beside the database, so that nothing else is fetched.
    folder = Path(duckdb_extension_spatial.__file__).parent
    extension = next(folder.rglob("spatial.duckdb_extension"))
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"load '{extension}'")
    ids, wkb = numpy.arange(len(POLYGONS)), shapely.to_wkb(POLYGONS).tolist()
    connection.execute("create table raw(id integer, wkb blob)")
    connection.executemany("insert into raw values (?, ?)", list(zip(ids.tolist(), wkb)))
    connection.execute("create table f as select id, st_geomfromwkb(wkb) as geom from raw")
    number, x, y = numpy.arange(SAMPLE), DEGREES[:SAMPLE, 0].copy(), DEGREES[:SAMPLE, 1].copy()
    connection.execute(
        "create table p as select number, st_point(x, y) as geom from"
        " (select unnest($1::int[]) as number, unnest($2::double[]) as x, unnest($3::double[]) as y)",
        [number.tolist(), x.tolist(), y.tolist()],
    )
    return connection


def duckdb_join(connection):
    join = "select p.number, f.id from p join f on st_intersects(f.geom, p.geom)"
    found = timed("DuckDB, spatial join, 1 thread", SAMPLE, lambda: connection.execute(join).fetchnumpy())
    answers["DuckDB, spatial join, 1 thread"] = pairs_to_answer(found["number"], found["id"], SAMPLE)


def s2():
    if not (directory / "s2").exists():
        return
    lines = subprocess.run([directory / "s2", directory], check=True, capture_output=True, text=True).stdout
    values = {key: float(value) for key, value in (line.split() for line in lines.splitlines())}
    timings.setdefault("S2 ShapeIndex, half-open, random", []).append(values["random_ns"])
    timings.setdefault("S2 ShapeIndex, half-open, sorted by cell", []).append(values["sorted_ns"])
    answers["S2 ShapeIndex, half-open, random"] = numpy.fromfile(directory / "s2.bin", "<i4")


def disagreements(name, answer):
    """Points on no border where an answer is not ours; points on a border where it is not among those that meet there."""
    mine = OURS[: len(answer)]
    suspects = numpy.flatnonzero(answer != mine)
    inside = on_border = 0
    if len(suspects):
        where = shapely.points(DEGREES[suspects])
        tree = shapely.STRtree(POLYGONS)
        near, polygons = tree.query(where, "dwithin", 3e-8)
        touching = {}
        for point, polygon in zip(near, polygons):
            touching.setdefault(point, set()).add(int(polygon))
        for at, index in enumerate(suspects):
            around = touching.get(at, set())
            others = {int(mine[index]), int(answer[index])} - {-1, -2}
            border = any(POLYGONS[p].boundary.distance(where[at]) < 3e-8 for p in around)
            if border and others <= around:
                on_border += 1
            else:
                inside += 1
    return f"{inside} (and {on_border} on a border)"


def main():
    postgis = PostGis(directory, POLYGONS, DEGREES[:SAMPLE])
    connection = duck()
    try:
        for _ in range(ROUNDS):
            ours()
            shapely_by_polygons()
            shapely_by_points()
            duckdb_join(connection)
            s2()
            for name, sample, query in postgis.plans(SLOW_SAMPLE, SAMPLE):
                found = timed(name, sample, lambda query=query: postgis.run(query))
                points, polygons = numpy.array(found, int).reshape(-1, 2).T
                answers[name] = pairs_to_answer(points, polygons, sample)
    finally:
        postgis.stop()
    base = statistics.median(timings["`CellIndex`, batch, random"])
    print(f"{len(POLYGONS)} faces, {len(LATTICE)} points, 10 % on or beside a border; median of {ROUNDS} rounds taking turns\n")
    print("| who | ns a point | ÷ our batch, random | differs from us on |\n|---|---|---|---|")
    for name, values in timings.items():
        median = statistics.median(values)
        differs = disagreements(name, answers[name]) if name in answers else "–"
        print(f"| {name} | {median:.1f} | {median / base:.0f} | {differs} |")


main()
