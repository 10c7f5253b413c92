"""Points for `wangge locate` in bulk: of one seed, each scattered about a vertex of a grid (a sigma of some 50 m),
so that nearly all lie in a grid and most lie near a border. Writes points.parquet, and its first rows as points.csv,
in bounded memory. Needs numpy and pyarrow.

    python3 scripts/locate_points.py grids.geojson 100000000 10000000
"""
import json, sys, time, resource
import numpy as np, pyarrow as pa, pyarrow.parquet as pq, pyarrow.csv as pc
grids, rows, csv_rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
xs, ys = [], []
def walk(c):
    if isinstance(c[0], (int, float)): xs.append(c[0]); ys.append(c[1])
    else:
        for d in c: walk(d)
for f in json.load(open(grids))["features"]: walk(f["geometry"]["coordinates"])
xs, ys = np.array(xs), np.array(ys)
rng = np.random.Generator(np.random.PCG64(20261124))
schema = pa.schema([("id", pa.int64()), ("lng", pa.float64()), ("lat", pa.float64())])
step = 1 << 20
t = time.time()
w = pq.ParquetWriter("points.parquet", schema, compression="snappy", use_dictionary=False)
c = pc.CSVWriter("points.csv", schema)
for first in range(0, rows, step):
    n = min(step, rows - first)
    at = rng.integers(0, len(xs), n)
    lng = np.round(xs[at] + rng.normal(0, .0005, n), 7); lat = np.round(ys[at] + rng.normal(0, .0005, n), 7)
    b = pa.table([np.arange(first, first+n), lng, lat], schema=schema)
    w.write_table(b)
    if first < csv_rows: c.write_table(b.slice(0, min(n, csv_rows - first)))
    if first // step % 10 == 0: print(first, f"{time.time()-t:.0f} s", flush=True)
w.close(); c.close()
print("peak MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
