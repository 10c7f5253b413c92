"""Asks tantivy and pg_trgm what geo-bench was asked: tables written by `geo-bench --dump`.

tantivy holds one document per site (district ... compound, letters and pairs of letters), and looks the door up as
integers behind it: the best twenty sites are ranked again by whether they have the numbers of the text. pg_trgm holds one
row per address under a GiST index and orders by distance. Both get the text as geo-bench normalised it, with Chinese
numerals and the words of numbers made uniform. An answer is right as in geo-bench: it agrees on all that the text kept.
"""

import argparse
import re
import time
from pathlib import Path

DIGITS = "零一二三四五六七八九"


def numeral(run: str) -> str:
    """一百二十三 -> 123, 五零一 -> 501."""
    if not re.search("[十百千]", run):
        return "".join(str(DIGITS.index(c)) if c in DIGITS else c for c in run)
    total, digit = 0, None
    for c in run:
        if c in DIGITS:
            digit = DIGITS.index(c)
        else:
            total += (1 if digit is None else digit) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = None
    return str(total + (digit or 0))


def uniform(text: str) -> str:
    text = re.sub(
        f"([{DIGITS}十百千]+)(?=号|栋|幢|座|楼|单元|门|室|房|#)", lambda m: numeral(m[1]), text
    )
    text = re.sub(r"(\d+)(?:栋|幢|座|#楼|#|号楼|楼(?!道|下|上|顶))", r"\1号楼", text)
    return re.sub(r"(\d+)号楼-?(\d+)-(\d+)", r"\1号楼\2单元\3室", text)


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", uniform(text)) if len(n) < 6]


class Site:
    def __init__(self, line: str):
        parts = line.rstrip("\n").split("\t")
        self.names, self.village = parts[:6], parts[6] == "1"
        self.buildings = [tuple(map(int, b.split(":"))) for b in parts[7].split(";") if b]
        self.text = "".join(self.names)

    def has(self, building: int, unit: int, room: int) -> bool:
        for number, units, floors, doors in self.buildings:
            if building in (0, number) and (unit <= units):
                if room == 0 or (1 <= room // 100 <= floors and 1 <= room % 100 <= doors):
                    return True
        return False

    def fits(self, said: list[int]) -> bool:
        """Whether the last numbers of the text are a door of this site."""
        own = int(re.sub(r"\D", "", self.names[4].split("-")[0]) or 0)
        rest = [n for n in said if n != own] or said
        return any(
            self.has(*([0] * (3 - count) + rest[-count:])) for count in (3, 2, 1) if len(rest) >= count
        ) and (not own or own in said or not self.names[3])

    def doors(self):
        for number, units, floors, doors in self.buildings:
            for unit in range(1, units + 1) if units else [0]:
                rooms = [f * 100 + d for f in range(1, floors + 1) for d in range(1, doors + 1)]
                for room in rooms or [0]:
                    yield number, unit, room

    def label(self, door) -> str:
        number, unit, room = door
        if self.village:
            return f"{self.text}{number}号"
        return (
            self.text
            + (f"{number}号楼" if number else "")
            + (f"{unit}单元" if unit else "")
            + (f"{room}室" if room else "")
        )


class Query:
    def __init__(self, line: str):
        parts = line.rstrip("\n").split("\t")
        self.profile, self.text = parts[0], uniform(parts[2])
        self.open = parts[3] == "1"
        self.names, self.door = parts[4:10], tuple(map(int, parts[10:13]))

    def right(self, site: Site) -> bool:
        return all(not kept or kept == own for kept, own in zip(self.names, site.names)) and site.has(*self.door)


def report(who: str, profile: str, times: list[float], right: int):
    times.sort()
    rate = len(times) / sum(times)
    p50, p99 = (times[int((len(times) - 1) * share)] * 1e3 for share in (0.5, 0.99))
    print(
        f"{who:<9} {profile:<7} {rate:10.1f} queries/s  p50 {p50:8.2f} ms  p99 {p99:8.2f} ms"
        f"  right {100 * right / len(times):5.1f} % of {len(times)}",
        flush=True,
    )


def tantivy_sites(sites, queries, count):
    import tantivy

    begun = time.perf_counter()
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False, tokenizer_name="pairs", index_option="freq")
    builder.add_integer_field("site", stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    pairs = tantivy.Tokenizer.ngram(min_gram=1, max_gram=2, prefix_only=False)
    index.register_tokenizer("pairs", tantivy.TextAnalyzerBuilder(pairs).build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for at, site in enumerate(sites):
        writer.add_document(tantivy.Document(text=site.text, site=at))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    print(f"tantivy over {len(sites)} sites: built in {time.perf_counter() - begun:.1f} s", flush=True)
    for profile, own in queries.items():
        times, right = [], 0
        for query in own[:count]:
            begun = time.perf_counter()
            text = re.sub(r"[\s,]", "", query.text)
            grams = {text[i : i + n] for n in (1, 2) for i in range(len(text) - n + 1)}
            terms = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", gram, index_option="freq"))
                for gram in grams
            ]
            hits = searcher.search(tantivy.Query.boolean_query(terms), limit=20, count=False).hits
            said = numbers(query.text)
            best = None
            for score, address in hits:
                site = sites[searcher.doc(address)["site"][0]]
                rank = (site.fits(said), score)
                if best is None or rank > best[0]:
                    best = (rank, site)
            times.append(time.perf_counter() - begun)
            right += best is not None and query.right(best[1])
        report("tantivy", profile, times, right)


def trigrams(url, sites, queries, count):
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        begun = time.perf_counter()
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE UNLOGGED TABLE address (site int, text text)")
        rows = 0
        with connection.cursor().copy("COPY address FROM STDIN") as copy:
            for at, site in enumerate(sites):
                for door in site.doors():
                    copy.write_row((at, site.label(door)))
                    rows += 1
        connection.execute("SET maintenance_work_mem = '2GB'")
        connection.execute("CREATE INDEX ON address USING gist (text gist_trgm_ops)")
        size = connection.execute("SELECT pg_relation_size('address_text_idx')").fetchone()[0]
        print(
            f"pg_trgm over {rows} addresses: built in {time.perf_counter() - begun:.0f} s, {size / 1e6:.0f} MB",
            flush=True,
        )
        for profile, own in queries.items():
            times, right = [], 0
            for query in own[:count]:
                begun = time.perf_counter()
                found = connection.execute(
                    "SELECT site FROM address ORDER BY text <-> %s LIMIT 1", (query.text,)
                ).fetchone()
                times.append(time.perf_counter() - begun)
                right += query.right(sites[found[0]])
            report("pg_trgm", profile, times, right)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", type=Path)
    parser.add_argument("--postgres", help="url of an empty database that may be filled")
    parser.add_argument("--queries", type=int, default=300, help="of each profile, for tantivy")
    parser.add_argument("--trigram-queries", type=int, default=20, help="of each profile, for pg_trgm")
    options = parser.parse_args()
    sites = [Site(line) for line in open(options.tables / "sites.tsv", encoding="utf-8")]
    queries: dict[str, list[Query]] = {}
    for line in open(options.tables / "queries.tsv", encoding="utf-8"):
        query = Query(line)
        if not query.open:
            queries.setdefault(query.profile, []).append(query)
    tantivy_sites(sites, queries, options.queries)
    if options.postgres:
        trigrams(options.postgres, sites, queries, options.trigram_queries)


main()
