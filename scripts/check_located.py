"""Rows of a seed out of what `wangge locate` wrote (CSV or Parquet), and PostGIS about each of them: the code must be that
of the grid that contains the point, or of one of those whose border it lies on. Needs pyarrow and psycopg.

    python3 scripts/check_located.py "$(wangge db url)" grids.geojson located.parquet 10000
"""
import json, sys, random, psycopg, pyarrow.parquet as pq
url, grids, file, n = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
rng = random.Random(5)
rows = []
if file.endswith("parquet"):
    f = pq.ParquetFile(file); total = f.metadata.num_rows
    first = 0; at = 0
    sizes = [f.metadata.row_group(g).num_rows for g in range(f.num_row_groups)]
    starts = [sum(sizes[:g]) for g in range(len(sizes))]
    groups = rng.sample(range(len(sizes)), min(20, len(sizes)))
    want = sorted(starts[g] + i for g in groups for i in rng.sample(range(sizes[g]), n // len(groups))); n = len(want)
    for g in range(f.num_row_groups):
        k = f.metadata.row_group(g).num_rows
        mine = []
        while at < n and want[at] < first + k: mine.append(want[at]-first); at += 1
        if mine:
            t = f.read_row_group(g, columns=["id","lng","lat","grid_code","status"]).take(mine)
            rows += [dict(r) for r in t.to_pylist()]
            assert [r["id"] for r in rows[-len(mine):]] == [first+i for i in mine], "order"
        first += k
else:
    import csv, os
    with open(file, "rb") as f:
        head = next(csv.reader([f.readline().decode()])); size = os.path.getsize(file)
        for at in sorted(rng.randrange(0, size - 1000) for _ in range(n)):
            f.seek(at); f.readline()
            rows.append(dict(zip(head, next(csv.reader([f.readline().decode()])))))
            rows[-1]["lng"], rows[-1]["lat"] = float(rows[-1]["lng"]), float(rows[-1]["lat"])
rows = list({int(r["id"]): r for r in rows}.values())
print(len(rows), "rows")
with psycopg.connect(url) as db:
    db.execute("create temp table g(code text, geom geometry(MultiPolygon,4326))")
    with db.cursor().copy("copy g from stdin") as cp:
        for f in json.load(open(grids))["features"]:
            geo = f["geometry"]
            polys = [geo["coordinates"]] if geo["type"]=="Polygon" else geo["coordinates"]
            wkt = "SRID=4326;MULTIPOLYGON(" + ",".join("(" + ",".join("(" + ",".join(f"{x:.7f} {y:.7f}" for x,y in ring) + ")" for ring in p) + ")" for p in polys) + ")"
            cp.write_row((f["properties"]["code"], wkt))
    db.execute("create index on g using gist(geom)"); db.execute("analyze g")
    db.execute("create temp table p(id bigint, geom geometry(Point,4326), code text)")
    with db.cursor().copy("copy p from stdin") as cp:
        for r in rows: cp.write_row((r["id"], f"SRID=4326;POINT({r['lng']:.7f} {r['lat']:.7f})", r["grid_code"] or None))
    bad = border = inside = 0
    for id, code, holds, touches in db.execute("""select p.id, p.code, array_agg(g.code) filter (where st_contains(g.geom, p.geom)),
        array_agg(g.code) filter (where st_touches(g.geom, p.geom)) from p left join g on st_intersects(g.geom, p.geom) group by 1,2"""):
        if touches:
            border += 1
            if code is not None and code not in touches: bad += 1
        else:
            if [code] != (holds or [None]): bad += 1; print("differs", id, code, holds)
        inside += code is not None
    print("inside", inside, "on a border", border, "differing", bad)
