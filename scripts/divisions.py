#!/usr/bin/env python3
"""Writes the divisions of one county as a pack's YAML, from the npm package china-division.

  npm pack china-division@2.7.0 && tar xzf china-division-*.tgz && pip install pypinyin
  scripts/divisions.py package/dist 460108 > packs/meilan-2019/divisions.yaml

What the list does not know (additions, English names, poor villages) stands in another file of the pack, which this
script never touches. Urban neighbourhoods and the sub-districts above them are left out unless --all is given.
"""

import csv
import sys

from pypinyin import Style, lazy_pinyin


def rows(path, key, code):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row[key] == code]


def short(name):
    for ending in ("居民委员会", "村民委员会", "村委会", "居委会"):
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            # 昌福村委会 is the committee of 昌福村; 民乐社区居委会 of 民乐社区.
            return stem + "村" if ending in ("村委会", "村民委员会") and not stem.endswith("村") else stem
    return name


ENDINGS = {"村": "Village", "社区": "Community", "镇": "Town", "乡": "Township"}


def bilingual(name):
    for ending, english in ENDINGS.items():
        if name.endswith(ending) and len(name) > len(ending):
            spoken = "".join(lazy_pinyin(name[: -len(ending)], style=Style.NORMAL)).capitalize()
            return f"{{zh: {name}, en: {spoken} {english}}}"
    return f"{{zh: {name}, en: {''.join(lazy_pinyin(name)).capitalize()}}}"


def main():
    folder, county = sys.argv[1], sys.argv[2]
    everything = "--all" in sys.argv
    print(f"# Made by scripts/divisions.py from npm china-division 2.7.0 (statistical divisions of 2023), county {county}.")
    print("# Additions and corrections stand in areas.yaml; this file is written anew when a newer list comes out.")
    print("divisions:")
    villages = rows(f"{folder}/villages.csv", "areaCode", county)
    for town in rows(f"{folder}/streets.csv", "areaCode", county):
        if not everything and not town["name"].endswith(("镇", "乡")):
            continue
        print(f'  "{town["code"]}":')
        print(f'    name: {bilingual(town["name"])}')
        print("    villages:")
        for village in villages:
            if village["streetCode"] == town["code"]:
                print(f'      "{village["code"]}": {bilingual(short(village["name"]))}')


if __name__ == "__main__":
    main()
