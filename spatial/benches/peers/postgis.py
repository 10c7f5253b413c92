"""A private PostgreSQL with PostGIS, and two plans for the same join."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg
import shapely


def programs() -> Path:
    """The newest server's folder, as Debian lays them out."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"))


class PostGis:
    def __init__(self, directory, polygons, degrees):
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
        data = self.home / "data"
        self.command("initdb", "-D", data, "-U", "postgres", "--auth", "trust", "--no-sync")
        options = f"-k {self.home} -c listen_addresses='' -c shared_buffers=512MB -c fsync=off -c jit=off"
        self.command("pg_ctl", "-D", data, "-l", self.home / "log", "-w", "-o", options, "start")
        self.connection = psycopg.connect(host=str(self.home), user="postgres", dbname="postgres", autocommit=True)
        self.fill(polygons, degrees)

    def command(self, name, *arguments):
        command = [*self.user, programs() / name, *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def fill(self, polygons, degrees):
        cursor = self.connection.cursor()
        cursor.execute("create extension postgis")
        cursor.execute("set max_parallel_workers_per_gather = 0; set work_mem = '256MB'")
        cursor.execute("create table f(id int, geom geometry(polygon, 4326))")
        cursor.execute("create table p(number int, geom geometry(point, 4326))")
        with cursor.copy("copy f from stdin") as copy:
            for number, wkb in enumerate(shapely.to_wkb(shapely.set_srid(polygons, 4326), hex=True, include_srid=True)):
                copy.write_row((number, wkb))
        points = shapely.set_srid(shapely.points(degrees), 4326)
        with cursor.copy("copy p from stdin") as copy:
            for number, wkb in enumerate(shapely.to_wkb(points, hex=True, include_srid=True)):
                copy.write_row((number, wkb))
        cursor.execute("create index on f using gist (geom)")
        cursor.execute("create index on p using gist (geom)")
        cursor.execute("create index on p (number)")
        cursor.execute("vacuum analyze f")
        cursor.execute("vacuum analyze p")

    def plans(self, few, many):
        """The plan that PostGIS takes by itself when it goes by points, and the one by polygons, which prepares each once."""
        yield (
            "PostGIS, point by point (its own plan)",
            few,
            f"select p.number, f.id from (select number, geom from p where number < {few} offset 0) p"
            " join lateral (select id from f where st_intersects(f.geom, p.geom) offset 0) f on true",
        )
        yield (
            "PostGIS, polygon by polygon (best plan)",
            many,
            f"select p.number, f.id from f join lateral"
            f" (select number from p where st_intersects(f.geom, p.geom) and number < {many} offset 0) p on true",
        )

    def run(self, query):
        return self.connection.execute(query).fetchall()

    def stop(self):
        self.connection.close()
        self.command("pg_ctl", "-D", self.home / "data", "-m", "immediate", "stop")
