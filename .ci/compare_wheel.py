"""Compare the files of a wheel with those of the repository: nothing forgotten, nothing left over."""

import subprocess
import sys
import zipfile

LAYERS = ("ontology", "graph", "queries", "api")

tracked = subprocess.run(["git", "ls-files", *LAYERS], capture_output=True, text=True, check=True).stdout.split()
with zipfile.ZipFile(sys.argv[1]) as wheel:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
wanted = {f"equipoise/{name}" for name in tracked}
forgotten, left_over = sorted(wanted - packed), sorted(packed - wanted)
if forgotten or left_over:
    sys.exit(f"forgotten: {forgotten}\nleft over: {left_over}")
print(f"the wheel holds the {len(packed)} files of the repository's packages")
