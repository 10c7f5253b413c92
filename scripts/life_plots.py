#!/usr/bin/env python3
"""Draws docs/life.png from a year of the stream, written with the truth:

    wangge city incidents --scale district --year 2026 --truth --out year.csv
    python3 scripts/life_plots.py year.csv docs/life.png          # needs pandas and matplotlib
"""
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

CHANNELS = ["hotline", "mini_program", "grid_patrol", "app", "web", "window", "mediation"]
THEMES = {
    "0302": "heating", "0402": "noise", "0204": "flooded roads",
    "0403": "dust", "0101": "street vending", "0303": "power",
}


def main(source: str, target: str) -> None:
    year = pd.read_csv(source, dtype=str)
    told = pd.to_datetime(year["reported_at"], format="ISO8601")
    year["hour"], year["weekday"], year["day"] = told.dt.hour, told.dt.day_of_week, told.dt.date
    everyday = year[year["surge"].isna()]
    figure, axes = plt.subplots(2, 3, figsize=(16, 8.2))
    (days, hours, weeks), (months, shares, storm) = axes

    per_day = year.groupby("day").size()
    days.plot(per_day.index, per_day.values, lw=0.8)
    days.set_title(f"Incidents a day ({len(year):,} in the year)")

    for channel in CHANNELS[:4] + ["window"]:
        own = everyday[everyday["channel"] == channel].groupby("hour").size()
        hours.plot(own.index, 100 * own / own.sum(), label=channel)
    noise = everyday[everyday["category"] == "0402"].groupby("hour").size()
    hours.plot(noise.index, 100 * noise / noise.sum(), "k--", lw=1, label="noise, any channel")
    hours.set_title("Hour of the day, % of the channel")
    hours.legend(fontsize=8)

    for channel in CHANNELS:
        own = everyday[everyday["channel"] == channel].groupby("weekday").size()
        weeks.plot(own.index, 7 * own / own.sum(), marker="o", ms=3, label=channel)
    weeks.set_xticks(range(7), ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"])
    weeks.set_title("Day of the week, 1 = mean (holidays included)")
    weeks.legend(fontsize=8)

    week = told.dt.isocalendar().week
    for code, name in THEMES.items():
        own = year[year["category"] == code].groupby(week).size().reindex(range(1, 53), fill_value=0)
        months.plot(own.index, own.values, label=name)
    months.set_title("By week of the year")
    months.legend(fontsize=8)

    share = 100 * year["channel"].value_counts(normalize=True).reindex(CHANNELS)
    shares.barh(share.index[::-1], share.values[::-1])
    shares.set_title("Channels, %")

    rain = year[year["surge"] == "rainstorm"]
    if len(rain):
        worst = rain.groupby("day").size().idxmax()
        own = year[year["day"] == worst]
        is_rain = own["surge"] == "rainstorm"
        storm.hist([own["hour"][~is_rain], own["hour"][is_rain]], bins=range(25), stacked=True,
                   label=["everyday", "rainstorm"])
        storm.set_title(f"A storm: {worst}")
        storm.legend(fontsize=8)
    for ax in axes.flat:
        ax.grid(alpha=0.25)
    figure.tight_layout()
    figure.savefig(target, dpi=75)


if __name__ == "__main__":
    main(*sys.argv[1:3])
