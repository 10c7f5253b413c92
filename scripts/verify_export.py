#!/usr/bin/env python3
"""Checks an export of the city with other people's tools against PostGIS: rows, system, bounds, every shape's bytes and
every other column of every layer.

    wangge export city out/gpkg --format gpkg; wangge export city out/fgb --format fgb
    wangge export city out/parquet --format parquet
    python3 -m venv venv && venv/bin/pip install geopandas pyogrio duckdb pyarrow psycopg2-binary
    venv/bin/python scripts/verify_export.py out "$(wangge db url)" [gpkg|fgb|parquet ...]
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


def plain(value):
    """A cell as PostgreSQL would send it: tables of others know no missing whole numbers, only missing real ones."""
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value


def digests(keys, shapes, columns) -> dict:
    """SHA-256 over all shapes, and over all cells by the name of their column, in the order of the keys."""
    order = sorted(range(len(keys)), key=lambda at: str(keys[at]))
    shape = hashlib.sha256()
    for at in order:
        shape.update(str(keys[at]).encode() + b"\0" + bytes(shapes[at]))
    found = {"shapes": shape.hexdigest()[:16]}
    for name, cells in columns.items():
        total = hashlib.sha256()
        for at in order:
            total.update(repr(plain(cells[at])).encode() + b"\0")
        found[name] = total.hexdigest()[:16]
    return found


def columns_of(out: pathlib.Path, layer: str) -> list[str]:
    for path, options in ((out / "parquet" / f"{layer}.parquet", None), (out / "gpkg" / "city.gpkg", layer),
                          (out / "fgb" / f"{layer}.fgb", layer)):
        if path.exists():
            if options is None:
                return [name for name in pyarrow.parquet.read_schema(path).names if name not in ("geometry", "bbox")]
            return list(pyogrio.read_info(path, layer=layer)["fields"])
    return []


def truth(connection, layer: str, key: str, names: list[str]) -> dict:
    where = "where t.valid @> boundary_version_at(now())" if layer in IN_FORCE else ""
    grid = "left join grid g on g.grid_id = t.grid_id" if "grid_code" in names else ""
    cells = ", ".join("g.code" if name == "grid_code" else f"t.{name}" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"select t.{key}, st_asbinary(t.geom, 'NDR'), {cells} from {layer} t {grid} {where}")
        rows = cursor.fetchall()
        cursor.execute(f"select st_xmin(e), st_ymin(e), st_xmax(e), st_ymax(e) from (select st_extent(t.geom) e from {layer} t {where}) s")
        bounds = cursor.fetchone()
    columns = {name: [row[at + 2] for row in rows] for at, name in enumerate(names)}
    return {"rows": len(rows), "bounds": bounds, **digests([r[0] for r in rows], [r[1] for r in rows], columns)}


def from_pyogrio(path: pathlib.Path, layer: str, key: str, names: list[str]) -> dict:
    told = pyogrio.read_info(path, layer=layer)
    frame = pyogrio.read_dataframe(path, layer=layer)
    shapes = shapely.to_wkb(frame.geometry.values, byte_order=1)
    columns = {name: frame[name].tolist() for name in names}
    return {
        "rows": len(frame), "bounds": tuple(frame.total_bounds), "crs": told["crs"],
        **digests(columns[key], shapes, columns),
    }


def from_parquet(path: pathlib.Path, key: str, names: list[str]) -> dict:
    table = pyarrow.parquet.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"]) if table.schema.metadata and b"geo" in table.schema.metadata else \
        json.loads(pyarrow.parquet.read_metadata(path).metadata[b"geo"])
    column = geo["columns"][geo["primary_column"]]
    engine = duckdb.connect()
    counted = engine.execute(f"select count(*), min(bbox.xmin), max(bbox.ymax) from '{path}'").fetchone()
    bounds = tuple(column["bbox"])
    assert counted[0] == table.num_rows and (counted[1], counted[2]) == (bounds[0], bounds[3]), "duckdb disagrees"
    columns = {name: table[name].to_pylist() for name in names}
    return {
        "rows": table.num_rows, "bounds": bounds, "crs": ":".join(map(str, column["crs"]["id"].values())),
        **digests(columns[key], table["geometry"].to_pylist(), columns),
    }


def main(folder: str, url: str, *forms: str) -> None:
    out, faults = pathlib.Path(folder), 0
    with psycopg2.connect(url) as connection:
        for layer, key in KEYS.items():
            names = columns_of(out, layer)
            if not names:
                print(f"{layer:13} is in no export")
                faults += 1
                continue
            expected = truth(connection, layer, key, names)
            for form in forms or ("gpkg", "fgb", "parquet"):
                if form == "parquet":
                    found = from_parquet(out / form / f"{layer}.parquet", key, names)
                else:
                    file = out / form / ("city.gpkg" if form == "gpkg" else f"{layer}.fgb")
                    found = from_pyogrio(file, layer, key, names)
                wrong = [what for what in ("rows", "shapes", *names) if found[what] != expected[what]]
                wrong += [] if found["crs"] in ("EPSG:4326", "OGC:CRS84") else ["crs"]
                near = all(abs(a - b) < 1e-12 for a, b in zip(found["bounds"], expected["bounds"]))
                wrong += [] if near else ["bounds"]
                faults += len(wrong)
                told = f"DIFFERS in {', '.join(wrong)}" if wrong else f"{len(names)} columns and shapes as in PostGIS"
                print(f"{layer:13} {form:8} {found['rows']:>9} rows  {found['crs']:10} {found['shapes']}  {told}", flush=True)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
