"""The constants of the formula: data in catalogue/index/<version>.toml, typed here."""

import tomllib
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path

CURRENT = "v2"
FOLDER = Path(__file__).parents[3] / "catalogue" / "index"


@dataclass(frozen=True, slots=True)
class Constants:
    """Every number of the formula; units and reasons stand in the TOML file of the same names."""

    version: str
    star_1: float
    star_2: float
    star_3: float
    star_4: float
    star_5: float
    shared_free: float
    shared_usual: float
    shared_most: float
    shared_spread: float
    ring_cut: float
    verified_floor: float
    pair_block: float
    newcomer_step_1: float
    newcomer_step_2: float
    newcomer_step_3: float
    newcomer_step_4: float
    newcomer_step_5: float
    newcomer_verified: float
    newcomer_checked: float
    usual_evidence: float
    usual_pioneers: float
    usual_share: float
    usual_most: float
    cap_power: float
    proof_prior: float
    young_weight: float
    young_half_life: float
    unchecked_weight: float
    age_floor: float
    age_half_life: float
    mean_prior: float
    mean_weight: float
    mean_most: float
    mean_voice: float
    pioneer_shrink: float
    rater_shrink: float
    quality_base: float
    quality_points: float
    quality_evidence: float
    quality_low: float
    quality_high: float
    quality_excess: float
    volume_points: float
    volume_unit: float
    volume_most: float
    response_base: float
    response_points: float
    response_shrink: float
    response_most: float
    wait_least: float
    wait_most: float
    benefit_base: float
    benefit_points: float
    benefit_shrink: float
    benefit_most: float
    benefit_low: float
    benefit_high: float
    knowledge_points: float
    knowledge_most: float
    honour_county: float
    honour_city: float
    honour_province: float
    honour_national: float
    honours_most: float
    interval_width: float
    star_spread: float
    response_spread: float
    benefit_spread: float
    # New since v1, with the value that leaves it out: what v1 said can be said again.
    flooded: float = 0.0
    pairs_most: float = float("inf")

    @property
    def newcomer_steps(self) -> tuple[float, ...]:
        """The sizes of account, in distinct pioneers, that are capped one after the other."""
        return (
            self.newcomer_step_1,
            self.newcomer_step_2,
            self.newcomer_step_3,
            self.newcomer_step_4,
            self.newcomer_step_5,
        )


@cache
def load(version: str = CURRENT) -> Constants:
    """Read one published version. Raises ValueError if a constant is missing or unknown."""
    with (FOLDER / f"{version}.toml").open("rb") as file:
        data = tomllib.load(file)
    values = {name: float(row["value"]) for name, row in data["constants"].items()}
    known = {field.name: field.default is MISSING for field in fields(Constants)}
    wanted = {name for name, needed in known.items() if needed} - {"version"}
    if wrong := (wanted - set(values)) | (set(values) - set(known)):
        raise ValueError(f"constants of {version} differ from the code: {sorted(wrong)}")
    return Constants(version=data["version"], **values)
