#!/usr/bin/env python3
"""Checks an export of the city with other people's tools against PostGIS: rows, system, bounds, every shape's bytes.

    wangge export city out/gpkg --format gpkg; wangge export city out/fgb --format fgb
    wangge export city out/parquet --format parquet
    python3 -m venv venv && venv/bin/pip install geopandas pyogrio duckdb pyarrow psycopg2-binary
    venv/bin/python scripts/verify_export.py out "$(wangge db url)"
"""
import hashlib
import json
import pathlib
import sys

import duckdb
import psycopg2
import pyarrow.parquet
import pyogrio
import shapely

KEYS = {
    "division": "code", "grid": "code", "building": "building_id", "address": "address_id", "road": "road_id",
    "water": "water_id", "poi": "poi_id", "legal_entity": "legal_entity_id",
}
IN_FORCE = {"division", "grid"}


def digest(pairs) -> str:
    total = hashlib.sha256()
    for key, wkb in sorted(pairs, key=lambda pair: str(pair[0])):
        total.update(str(key).encode() + b"\0" + bytes(wkb))
    return total.hexdigest()[:16]


def truth(connection, layer: str, key: str) -> dict:
    where = "where valid @> boundary_version_at(now())" if layer in IN_FORCE else ""
    with connection.cursor() as cursor:
        cursor.execute(f"select {key}, st_asbinary(geom, 'NDR') from {layer} {where}")
        rows = cursor.fetchall()
        cursor.execute(f"select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(geom) e from {layer} {where}) s")
        return {"rows": len(rows), "sha256": digest(rows), "bounds": cursor.fetchone()}


def from_pyogrio(path: pathlib.Path, layer: str, key: str) -> dict:
    told = pyogrio.read_info(path, layer=layer)
    frame = pyogrio.read_dataframe(path, layer=layer, columns=[key])
    shapes = shapely.to_wkb(frame.geometry.values, byte_order=1)
    return {
        "rows": len(frame), "sha256": digest(zip(frame[key], shapes)), "bounds": tuple(frame.total_bounds),
        "crs": told["crs"],
    }


def from_parquet(path: pathlib.Path, key: str) -> dict:
    table = pyarrow.parquet.read_table(path, columns=[key, "geometry"])
    geo = json.loads(table.schema.metadata[b"geo"]) if table.schema.metadata and b"geo" in table.schema.metadata else \
        json.loads(pyarrow.parquet.read_metadata(path).metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    pairs = zip(table[key].to_pylist(), table["geometry"].to_pylist())
    engine = duckdb.connect()
    counted = engine.execute(f"select count(*), min(bbox.xmin), max(bbox.ymax) from '{path}'").fetchone()
    bounds = tuple(column["bbox"])
    assert counted[0] == table.num_rows and (counted[1], counted[2]) == (bounds[0], bounds[3]), "duckdb disagrees"
    return {
        "rows": table.num_rows, "sha256": digest(pairs), "bounds": bounds,
        "crs": ":".join(map(str, column["crs"]["id"].values())), "version": geo["version"],
    }


def main(folder: str, url: str) -> None:
    out, faults = pathlib.Path(folder), 0
    with psycopg2.connect(url) as connection:
        for layer, key in KEYS.items():
            if not (out / "parquet" / f"{layer}.parquet").exists():
                continue
            expected = truth(connection, layer, key)
            read = {
                "gpkg": from_pyogrio(out / "gpkg" / "city.gpkg", layer, key),
                "fgb": from_pyogrio(out / "fgb" / f"{layer}.fgb", layer, key),
                "parquet": from_parquet(out / "parquet" / f"{layer}.parquet", key),
            }
            for form, found in read.items():
                same = found["rows"] == expected["rows"] and found["sha256"] == expected["sha256"] \
                    and found["crs"] in ("EPSG:4326", "OGC:CRS84") \
                    and all(abs(a - b) < 1e-12 for a, b in zip(found["bounds"], expected["bounds"]))
                faults += not same
                print(f"{layer:13} {form:8} {found['rows']:>9} rows  {found['crs']:10} {found['sha256']}"
                      f"  {'same as PostGIS' if same else f'DIFFERS: {expected} {found}'}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:3])
