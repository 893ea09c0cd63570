"""Two runs of the example compared: what moved city B's score, in parts that add up."""

from dataclasses import replace
from pathlib import Path

from scoring.standalone import score_files
from scoring.standalone.questions import case_of
from scoring.whatif import compare

first = case_of(score_files(Path("framework.csv"), Path("values.csv"), Path("method.toml")))
second = first.with_values("B", {"start.days": 2.0, "utilities.gas": 5.0})
weights = dict(zip(first.tree.codes, first.tree.weights, strict=True)) | {"services": 3.0}
second = replace(second, tree=replace(second.tree, weights=tuple(weights.values())))

made = compare(first, second)
city = made.cities.index("B")
for difference, part in zip(made.differences, made.scores[:, city], strict=True):
    print(difference.kind, difference.code, round(part, 4))
print("whole", round(made.score_change[city], 4))
