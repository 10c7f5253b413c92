"""Other software on the faces and points of the bench: nanoseconds a point, and whether the answers are ours.

usage: peers.py DIR LOCATE [ROUNDS]; LOCATE is the bench `locate` as a program, which has written its data into DIR: see
benches/locate/export.rs. Where a point lies exactly on a border the others have their own rules: they may name any of the
faces that meet there, all or none. That we keep to ours is for the oracle in PostGIS to say, before and after edits.
"""

import sys
from pathlib import Path

import duckdb
import numpy
import psycopg

from clock import QUESTION, Clock
from data import Data
from others import Duck, Lines, Shapely
from postgis import PostGis

directory, locate = Path(sys.argv[1]), sys.argv[2]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 5
# Points that the oracle is asked, before and after edits.
ORACLE = 250_000
OURS = "`CellIndex`, batch, random"
# The borders of S2 are arcs of great circles, a few lattice steps beside the straight edges of the plane.
S2_REACH = 5e-7


def measure(clock, data, postgis):
    found = {}
    with clock.part("preparing"):
        ours = Lines(locate, "ours")
        duck, by_shapely = Duck(data), Shapely(data)
        program = directory / "s2"
        s2 = Lines(str(program), str(directory)) if program.exists() else None
    parts = [("ours", lambda: ours.round(clock)), ("shapely", lambda: by_shapely.round(clock, found))]
    parts += [("DuckDB", lambda: duck.round(clock, found)), ("PostGIS", lambda: postgis.round(clock, found))]
    if s2:
        parts.append(("S2", lambda: s2.round(clock)))
    for _ in range(ROUNDS):
        for who, ask in parts:
            if who == "ours" or clock.has_time(who):
                with clock.part(who):
                    try:
                        ask()
                    except (duckdb.InterruptException, psycopg.errors.QueryCanceled):
                        print(f"{who}: no answer in {QUESTION} s", file=sys.stderr)
    ours.stop()
    if s2:
        s2.stop()
        found["S2 ShapeIndex, half-open, random"] = numpy.fromfile(directory / "s2.bin", "<i4")
    return found


def table(clock, data, found):
    base = clock.median(OURS)
    print(f"{len(data.polygons)} faces, {sum(map(len, data.rings))} vertices; 10 % of the points on or beside a border;")
    print(f"one thread each, its time on a core; median of up to {ROUNDS} rounds in turns\n")
    print("| who | rounds | ns a point | ÷ our batch, random | asked | not our answer, away from borders | on one |")
    print("|---|---|---|---|---|---|---|")
    for name, rounds in clock.nanoseconds.items():
        asked, away, on = "–", "–", "–"
        if name in found:
            away, on = data.disagreements(found[name], S2_REACH if name.startswith("S2") else 3e-8)
            asked = len(found[name])
        median = clock.median(name)
        print(f"| {name} | {len(rounds)} | {median:.1f} | {median / base:.1f} | {asked} | {away} | {on} |")


def main():
    clock = Clock()
    with clock.part("preparing"):
        data = Data(directory)
        postgis = PostGis(directory, data)
    try:
        found = measure(clock, data, postgis)
        with clock.part("comparing"):
            table(clock, data, found)
        print()
        differ = 0
        for state, of in (("before", data), ("after", Data(directory, edited=True))):
            with clock.part("oracle"):
                owners = postgis.owners(of, ORACLE)
            wrong = int((owners != of.ours[:ORACLE]).sum())
            inside, several = int((owners >= 0).sum()), int((owners == -2).sum())
            print(f"{state} 1,000 edits: {wrong} of {ORACLE} points differ from the half-open rule in PostGIS", end="")
            print(f" ({inside} in a face, {several} in several)")
            differ += wrong
    finally:
        postgis.stop()
    clock.tell()
    if differ:
        raise SystemExit("our answers are wrong")


main()
