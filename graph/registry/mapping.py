"""Map records in processes of their own: batches of records in, packs of lines on the shelf and rows out.

In: records as they were read, a batch at a time. Out: an `Outcome` for each batch, in the order of the batches: the rows
of what was mapped, what was refused and why, and what was counted. The processes share nothing and keep nothing but the
names of drugs; no more batches are under way than there are processes to work on them, so memory stays flat.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from os import process_cpu_count
from pathlib import Path

from equipoise.graph.registry.packs import Lines, digest, write_pack
from equipoise.graph.registry.table import Row
