"""A private PostgreSQL with PostGIS: two plans for the same join, and the border rule once more in SQL."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy
import psycopg
import shapely

from clock import QUESTION
from data import answers

# Points that are looked up one by one, and those that are joined as a whole.
ONE_BY_ONE = 20_000
JOINED = 500_000

# Of a face a point lies in the box of: the edges its leftward ray meets, in whole numbers. An edge has its lower end, not
# its upper one, and lies to the left of a point on it. All differences are far below 2^31.
OWNERS = """
select p.number, f.id
from p
join f on f.geom && p.geom
join edge e on e.id = f.id and e.lo_y <= p.y and p.y < e.hi_y
where p.number < %s
group by p.number, f.id
having count(*) filter (where (p.x - e.lo_x) * (e.hi_y - e.lo_y) >= (p.y - e.lo_y) * (e.hi_x - e.lo_x)) % 2 = 1
"""
EDGES = """
create table edge as
select
    f.id,
    case when a.y <= b.y then a.x else b.x end as lo_x,
    least(a.y, b.y) as lo_y,
    case when a.y <= b.y then b.x else a.x end as hi_x,
    greatest(a.y, b.y) as hi_y
from f
cross join st_dumpsegments(f.geom) s
cross join lateral (
    select round(st_x(st_startpoint(s.geom)) * 1e7)::bigint, round(st_y(st_startpoint(s.geom)) * 1e7)::bigint
) a (x, y)
cross join lateral (
    select round(st_x(st_endpoint(s.geom)) * 1e7)::bigint, round(st_y(st_endpoint(s.geom)) * 1e7)::bigint
) b (x, y)
"""


def programs() -> Path:
    """The newest server's folder, as Debian lays them out."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


class PostGis:
    def __init__(self, directory, data):
        self.home = Path(directory) / "postgres"
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self.user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.user:
            # The server will not run as root: it needs to reach its folder.
            shutil.chown(self.home, "postgres")
            for parent in self.home.parents:
                if parent != Path("/") and not parent.stat().st_mode & 0o001:
                    parent.chmod(parent.stat().st_mode | 0o001)
        cluster = self.home / "data"
        self.command("initdb", "-D", cluster, "-U", "postgres", "--auth", "trust", "--no-sync")
        options = f"-k {self.home} -c listen_addresses='' -c shared_buffers=512MB -c fsync=off -c jit=off"
        self.command("pg_ctl", "-D", cluster, "-l", self.home / "log", "-w", "-o", options, "start")
        self.connection = psycopg.connect(host=str(self.home), user="postgres", dbname="postgres", autocommit=True)
        self.process = self.run("select pg_backend_pid()").fetchone()[0]
        self.fill(data)

    def command(self, name, *arguments):
        command = [*self.user, programs() / name, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def fill(self, data):
        self.run("create extension postgis")
        self.run("set max_parallel_workers_per_gather = 0; set work_mem = '256MB'")
        self.run(f"set statement_timeout = '{QUESTION}s'")
        self.run("create table p(number int, x bigint, y bigint, geom geometry(point, 4326))")
        points = shapely.to_wkb(shapely.set_srid(data.points, 4326), hex=True, include_srid=True)
        with self.connection.cursor().copy("copy p from stdin") as copy:
            for number, ((x, y), wkb) in enumerate(zip(data.lattice.tolist(), points)):
                copy.write_row((number, x, y, wkb))
        self.run("create index on p using gist (geom); create index on p (number)")
        self.run("vacuum analyze p")
        self.take_faces(data.polygons)

    def take_faces(self, polygons):
        self.run("drop table if exists f")
        self.run("create table f(id int, geom geometry(polygon, 4326))")
        polygons = shapely.to_wkb(shapely.set_srid(polygons, 4326), hex=True, include_srid=True)
        with self.connection.cursor().copy("copy f from stdin") as copy:
            for row in enumerate(polygons):
                copy.write_row(row)
        self.run("create index on f using gist (geom)")
        self.run("vacuum analyze f")

    def round(self, clock, found):
        """The plan that PostGIS takes by itself when it goes by points, and the one by polygons, which prepares each once.

        Only the server's work counts: what it found is fetched afterwards."""
        version = self.run("select postgis_lib_version()").fetchone()[0]
        for name, count, join in (
            (
                f"PostGIS {version}, point by point (its own plan)",
                ONE_BY_ONE,
                f"(select number, geom from p where number < {ONE_BY_ONE} offset 0) p"
                " join lateral (select id from f where st_intersects(f.geom, p.geom) offset 0) f on true",
            ),
            (
                f"PostGIS {version}, polygon by polygon (best plan)",
                JOINED,
                "f join lateral (select number from p where st_intersects(f.geom, p.geom) offset 0) p on true",
            ),
        ):
            query = f"create temp table found as select p.number, f.id from {join}"
            clock.timed(name, count, lambda query=query: self.run(query), self.worked)
            found[name] = self.answers("select number, id from found", count)
            self.run("drop table found")

    def owners(self, data, count):
        """The face of each of the first points by the half-open rule, and by none of our code."""
        self.take_faces(data.polygons)
        self.run("drop table if exists edge")
        self.run(EDGES)
        self.run("create index on edge (id)")
        self.run("vacuum analyze edge")
        self.run("set statement_timeout = '0'; set max_parallel_workers_per_gather = 2")
        return self.answers(OWNERS.replace("%s", str(count)), count)

    def worked(self):
        """Nanoseconds that the server's process for us has had on a core."""
        return int(Path(f"/proc/{self.process}/schedstat").read_text().split()[0])

    def answers(self, query, count):
        points, faces = numpy.array(self.run(query).fetchall(), int).reshape(-1, 2).T
        return answers(points, faces, count)

    def run(self, query):
        return self.connection.execute(query)

    def stop(self):
        self.connection.close()
        self.command("pg_ctl", "-D", self.home / "data", "-m", "immediate", "stop")
