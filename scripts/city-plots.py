#!/usr/bin/env python3
"""Draws docs/city/*.svg from a loaded city: how large grids are, how many vertices and addresses they have.

Usage: DATABASE_URL=$(wangge db url) scripts/city-plots.py [FOLDER]
Needs psql and matplotlib (pip install matplotlib).
"""

import csv
import io
import os
import subprocess
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

# Without these the same data would give another file each time.
matplotlib.rcParams["svg.hashsalt"] = "wangge"
METADATA = {"Date": None, "Creator": "scripts/city-plots.py"}

SQL = """
copy (
    select d.code as district, g.area_m2 / 1e6 as km2, st_npoints(g.geom) - 1 as vertices,
        coalesce(a.addresses, 0) as addresses, g.people
    from grid g
    join division c on c.code = g.community_code and upper_inf(c.valid)
    join division t on t.code = c.parent_code and upper_inf(t.valid)
    join division d on d.code = t.parent_code and upper_inf(d.valid)
    left join (select grid_id, count(*) as addresses from address group by 1) a using (grid_id)
    where g.kind = 'basic' and upper_inf(g.valid)
    order by g.code
) to stdout with (format csv, header)
"""

URBAN = {"620102": "Chengguan", "620103": "Qilihe", "620104": "Xigu", "620105": "Anning"}


def rows():
    command = ["psql", os.environ["DATABASE_URL"], "-X", "-q", "-c", SQL]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text)))


def edges(low, high, count, log):
    step = (high / low) ** (1 / count) if log else (high - low) / count
    return [low * step**i if log else low + step * i for i in range(count + 1)]


def plot(path, grids, key, title, bins, log):
    urban = [float(g[key]) for g in grids if g["district"] in URBAN]
    rural = [float(g[key]) for g in grids if g["district"] not in URBAN]
    figure, axes = plt.subplots(figsize=(7, 2.6))
    axes.hist([urban, rural], bins=bins, stacked=True, color=["#2f6f9f", "#c98b3b"],
              label=["four districts in the valley", "Honggu and the three counties"])
    every = sorted(urban + rural)
    median, mean = every[len(every) // 2], sum(every) / len(every)
    axes.axvline(median, color="#333333", linewidth=1, linestyle=":")
    if log:
        axes.set_xscale("log")
    axes.set_xlabel(title)
    axes.set_ylabel("basic grids")
    axes.set_title(f"{len(every)} grids: median {median:,.4g}, mean {mean:,.4g}, "
                   f"from {every[0]:,.3g} to {every[-1]:,.4g}", fontsize=9)
    axes.legend(frameon=False, fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata=METADATA)
    print(f"{path}: median {median:.4g}, mean {mean:.4g}, {every[0]:.3g} to {every[-1]:.4g}")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "docs/city"
    grids = rows()
    plot(f"{folder}/grid_area.svg", grids, "km2", "area, km2", edges(0.003, 100, 46, True), True)
    plot(f"{folder}/grid_vertices.svg", grids, "vertices", "vertices", edges(0, 800, 50, False), False)
    plot(f"{folder}/grid_addresses.svg", grids, "addresses", "addresses", edges(0, 3000, 50, False), False)
    plot(f"{folder}/grid_people.svg", grids, "people", "people", edges(0, 5000, 50, False), False)


main()
