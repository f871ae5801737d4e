"""Whatever the bytes: inputs = documents + rejects, no crash, no hang. All 2,000 are in benchmarks/hostile.py."""

from pathlib import Path

from flows import doctor
from tests.flows import fuzz, houses

ROOT = Path(__file__).parents[2]


def test_mutated_inputs(tmp_path: Path, no_model: None) -> None:
    seeds = fuzz.real_inputs(ROOT / "raw")
    raw = houses.write(tmp_path / "raw", dict(fuzz.mutants(seeds, 150)))
    row = houses.run(raw, tmp_path / "warehouse")
    assert houses.accounted(row)
    assert row["seen"] >= 150
    assert row["rejected"] == len(houses.rejected(tmp_path / "warehouse", row["run_id"])) > 10
    assert row["new"] == len(houses.uris(tmp_path / "warehouse")) > 50
    assert "stage_failed" not in houses.rejected(tmp_path / "warehouse", row["run_id"]).values()
    assert doctor.check(tmp_path / "warehouse") == []
    again = houses.run(raw, tmp_path / "warehouse")
    assert (again["unchanged"], again["rejected"]) == (row["new"], row["rejected"])


def test_the_fuzzer_is_seeded() -> None:
    seeds = [("a.txt", b"Rain fell on Oslo."), ("b.jsonl", b'{"text": "Snow."}')]
    assert list(fuzz.mutants(seeds, 50)) == list(fuzz.mutants(seeds, 50))
    assert len(dict(fuzz.mutants(seeds, 50))) == 50
