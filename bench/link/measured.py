"""Runs each program on DATA/register.csv and DATA/roster.csv and prints the time, what of it cores were busy (which other
work on the machine changes less), peak memory and F1: medians of three runs, one run for Splink.

Usage: measured.py YIHU DATA. Called by bench/link/run.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

# The same six keys and fixed weights for every row: no training. What a careful person writes by hand.
DUCKDB = """
SET threads = 2;
CREATE TABLE a AS SELECT 人员编号 AS k, 姓名 AS name, 性别 AS sex, 身份证号 AS id, 出生日期 AS birth, 联系电话 AS phone, 村编码 AS village
  FROM read_csv('{folder}/register.csv', all_varchar = true);
CREATE TABLE b AS SELECT 序号 AS k, 姓名 AS name, 性别 AS sex, 证件号码 AS id, 出生日期 AS birth, 电话 AS phone, 村代码 AS village
  FROM read_csv('{folder}/roster.csv', all_varchar = true);
CREATE TABLE pairs AS
  SELECT a.k AS ak, b.k AS bk FROM a JOIN b USING (id)
  UNION SELECT a.k, b.k FROM a JOIN b USING (name, birth)
  UNION SELECT a.k, b.k FROM a JOIN b USING (name, village)
  UNION SELECT a.k, b.k FROM a JOIN b USING (birth, village)
  UNION SELECT a.k, b.k FROM a JOIN b USING (name, phone)
  UNION SELECT a.k, b.k FROM a JOIN b USING (birth, phone);
CREATE TABLE scored AS SELECT ak, bk,
    coalesce(CASE WHEN a.id = b.id THEN 20 WHEN damerau_levenshtein(a.id, b.id) = 1 THEN 10 ELSE -7 END, 0)
  + coalesce(CASE WHEN a.name = b.name THEN 12 WHEN levenshtein(a.name, b.name) = 1 THEN 4 ELSE -5 END, 0)
  + coalesce(CASE WHEN a.birth = b.birth THEN 14 WHEN damerau_levenshtein(a.birth, b.birth) = 1 THEN 5 ELSE -8 END, 0)
  + coalesce(CASE WHEN a.phone = b.phone THEN 12 ELSE -1 END, 0) + coalesce(CASE WHEN a.village = b.village THEN 8 ELSE -4 END, 0)
  + coalesce(CASE WHEN a.sex = b.sex THEN 1 ELSE -4 END, 0) - 20 AS score
  FROM pairs JOIN a ON a.k = ak JOIN b ON b.k = bk;
COPY (SELECT ak, bk, score FROM (SELECT *, row_number() OVER (PARTITION BY ak ORDER BY score DESC, bk) AS ra,
    row_number() OVER (PARTITION BY bk ORDER BY score DESC, ak) AS rb FROM scored WHERE score > 0) WHERE ra = 1 AND rb = 1)
  TO '{out}' (HEADER);
"""


def run_duckdb(folder, out):
    import duckdb
    duckdb.sql(DUCKDB.format(folder=folder, out=out))


def run_splink(folder, out):
    import duckdb
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    names = ["unique_id", "household", "name", "sex", "id_number", "birth", "phone", "village"]
    tables = [duckdb.sql(f"SELECT * FROM read_csv('{folder}/{file}.csv', all_varchar = true, header = true, names = {names})").df()
              for file in ("register", "roster")]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[cl.DamerauLevenshteinAtThresholds("id_number", 1), cl.LevenshteinAtThresholds("name", 1),
                     cl.DamerauLevenshteinAtThresholds("birth", 1), cl.ExactMatch("phone"), cl.ExactMatch("village"), cl.ExactMatch("sex")],
        blocking_rules_to_generate_predictions=[block_on("id_number"), block_on("name", "birth"), block_on("name", "village"),
                                                block_on("birth", "village"), block_on("name", "phone"), block_on("birth", "phone")])
    api = DuckDBAPI()
    linker = Linker([api.register(table) for table in tables] if hasattr(api, "register") else tables, settings, **({} if hasattr(api, "register") else {"db_api": api}))
    linker.training.estimate_probability_two_random_records_match([block_on("id_number")], recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("id_number"))
    linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()[["unique_id_l", "unique_id_r"]].to_csv(out, index=False)


def f1_of(folder, out):
    truth = set(Path(folder, "truth.csv").read_text().splitlines()[1:])
    found = {",".join(line.split(",")[:2]) for line in Path(out).read_text().splitlines()[1:]}
    found = {pair if pair.startswith("A") else ",".join(reversed(pair.split(","))) for pair in found}
    right = len(truth & found)
    return 2 * right / (len(truth) + len(found)) if found else 0.0


def measured(name, command, folder, out, rounds):
    seconds, busy, peak = [], [], 0
    for _ in range(rounds):
        Path(out).unlink(missing_ok=True)
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.monotonic() - begin)
        busy.append(usage.ru_utime + usage.ru_stime)
        peak = max(peak, usage.ru_maxrss)
        if status != 0:
            print(f"{name:<32} failed")
            return None
    middle = statistics.median(seconds)
    print(f"{name:<32} {middle:8.2f} s  {statistics.median(busy):8.2f} s of cores  {peak / 1024:8.0f} MB  F1 {f1_of(folder, out):.5f}", flush=True)
    return middle


def main():
    yihu, folder = sys.argv[1], sys.argv[2]
    if len(sys.argv) > 3:
        {"duckdb": run_duckdb, "splink": run_splink}[sys.argv[3]](folder, sys.argv[4])
        return
    out = str(Path(folder, "out.csv"))
    ours = measured("yihu link, no spec, trained", [yihu, "link", f"{folder}/register.csv", f"{folder}/roster.csv", "--key", "人员编号",
                                                    "--key-right", "序号", "-o", out], folder, out, 3)
    theirs = measured("DuckDB SQL, fixed weights", [sys.executable, __file__, yihu, folder, "duckdb", out], folder, out, 3)
    if ours and theirs:
        print(f"{'ratio':<32} {theirs / ours:8.2f}")
    if os.environ.get("YIHU_BENCH_SPLINK"):
        measured("Splink, trained", [sys.executable, __file__, yihu, folder, "splink", out], folder, out, 1)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
