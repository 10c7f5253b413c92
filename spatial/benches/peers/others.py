"""Other software: each asked once for a round, by its own best plans."""

import subprocess
import threading
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import numpy
import shapely

from clock import QUESTION
from data import answers

SAMPLE = 500_000
SLOW_SAMPLE = 100_000


class Lines:
    """A program that measures itself for each line of input and answers with lines up to an empty one."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def round(self, clock):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        for line in iter(self.process.stdout.readline, "\n"):
            if not line:
                raise SystemExit(f"{self.process.args[0]} ended by itself")
            name, _, nanoseconds = line.rpartition(" ")
            clock.note(name, float(nanoseconds))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Shapely:
    def __init__(self, data):
        self.data = data

    def round(self, clock, found):
        self.by_polygons(clock, found)
        self.by_points(clock, found)

    def by_polygons(self, clock, found):
        name = f"shapely {shapely.__version__}, tree on polygons, intersects"
        tree, points = shapely.STRtree(self.data.polygons), self.data.points[:SLOW_SAMPLE]
        pairs = clock.timed(name, SLOW_SAMPLE, lambda: tree.query(points, "intersects"))
        found[name] = answers(*pairs, SLOW_SAMPLE)

    def by_points(self, clock, found):
        name = f"shapely {shapely.__version__}, tree on points, prepared polygons (best)"
        tree, polygons = shapely.STRtree(self.data.points[:SAMPLE]), self.data.polygons

        def join():
            shapely.prepare(polygons)
            return tree.query(polygons, "intersects")

        faces, points = clock.timed(name, SAMPLE, join)
        shapely.destroy_prepared(polygons)
        found[name] = answers(points, faces, SAMPLE)


class Duck:
    def __init__(self, data):
        # The extension comes from PyPI beside the database, so that nothing else is fetched.
        extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(f"load '{extension}'")
        wkb = shapely.to_wkb(data.polygons).tolist()
        self.connection.execute(
            "create table f as select number as id, st_geomfromwkb(wkb) as geom from"
            " (select unnest($1::int[]) as number, unnest($2::blob[]) as wkb)",
            [list(range(len(wkb))), wkb],
        )
        x, y = data.degrees[:SAMPLE].T.tolist()
        self.connection.execute(
            "create table p as select number, st_point(x, y) as geom from"
            " (select unnest($1::int[]) as number, unnest($2::double[]) as x, unnest($3::double[]) as y)",
            [list(range(SAMPLE)), x, y],
        )

    def round(self, clock, found):
        name = f"DuckDB {duckdb.__version__}, spatial join, 1 thread"
        join = "create or replace temp table found as select p.number, f.id from p join f on st_intersects(f.geom, p.geom)"
        end = threading.Timer(QUESTION, self.connection.interrupt)
        end.start()
        try:
            clock.timed(name, SAMPLE, lambda: self.connection.execute(join))
        finally:
            end.cancel()
        pairs = self.connection.execute("select number, id from found").fetchnumpy()
        found[name] = answers(numpy.asarray(pairs["number"]), numpy.asarray(pairs["id"]), SAMPLE)
