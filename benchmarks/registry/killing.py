"""Kill loads of registry records, and tally at which stage they were killed and which release was in service then.

In: how many times. Out: a table by stage. It ends with an error at the first data folder that is not whole, or that the
next load does not mend. Half of the kills come before a work on files, half at any time.

    python benchmarks/registry/killing.py --times 1000
"""

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "tests"))

from loads import Loads, made_scene


def main() -> None:
    """Kill, and print the tally."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=6)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scene, loads = made_scene(folder / "scene"), Loads()
        whole = loads.whole(scene.copy(folder / "whole"), scene.records)

        def kill(place: int) -> tuple[str, str]:
            data = scene.copy(folder / str(place))
            if place % 2:
                ending = loads.killed_at_event(data, scene.records, chance.randint(1, whole.events))
            else:
                ending = loads.killed_after(data, scene.records, chance.uniform(0, whole.seconds))
            left = scene.assert_whole(data)
            scene.assert_mended(data)
            shutil.rmtree(data)
            return ending.stage if ending.code < 0 else "ended before", left

        with ThreadPoolExecutor(2) as pool:
            tally = Counter(pool.map(kill, range(given.times)))
    print(f"{'stage':<14} {'old':>6} {'new':>6}")
    for stage in sorted({stage for stage, _ in tally}):
        print(f"{stage:<14} {tally[stage, 'old']:>6} {tally[stage, 'new']:>6}")
    print(f"{tally.total()} loads, none left a mixture, every next load mended")


if __name__ == "__main__":
    main()
