"""What people wear: cuts, lengths, colours and patterns, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from rig.body import Body
from rig.drape import Cut, wrinkles
from rig.rotations import three

Array = npt.NDArray[np.float64]
SKIN, TOP, BOTTOM, BELT, SOCK, HAIR, SHOE = range(
    7
)  # material numbers; a person's start at the person's own offset
MATERIALS = 7
KINDS = (
    "bare",
    "fitted",
    "shirt_in",
    "shirt_out",
    "hoodie",
    "dress",
)  # the trunk's clothing, as stored with crops
BOTTOMS = ("leggings", "shorts", "loose_shorts", "trousers", "skirt")
PLAIN, STRIPES, DIAGONAL, CHECK, BLOTCHES, SIDE_STRIPE, PRINT, DOTS, CAMOUFLAGE = range(9)
TRAINING_PATTERNS = (PLAIN, STRIPES, DIAGONAL, BLOTCHES, SIDE_STRIPE, PRINT)
HELD_OUT_PATTERNS = (PLAIN, CHECK, DOTS, CAMOUFLAGE, SIDE_STRIPE)


PLAIN_CUT = Cut()


@dataclass(frozen=True)
class Material:
    """How a surface looks. Colours are sRGB shares from 0 to 1."""

    colour: tuple[float, float, float] = (0.5, 0.5, 0.5)
    second: tuple[float, float, float] = (0.5, 0.5, 0.5)
    pattern: int = PLAIN
    frequency: float = 20.0
    bump: float = 0.0
    grain: float = 30.0
    shine: float = 0.05


@dataclass(frozen=True)
class Outfit:
    """One person's clothes. Heights are on the body at rest."""

    kind: str = "fitted"
    bottom: str = "leggings"
    looseness: float = 0.0  # 0 fits like skin, 1 hides the waist altogether
    tubes: tuple[str, ...] = ()
    hair: bool = True
    top_start_z: float = 0.0
    hem_z: float = 0.0
    waist_z: float = 0.0
    belt_m: float = 0.0
    leg_z: float = 0.0
    sock_z: float = -9.0
    shoe_z: float = -9.0
    sleeve: float = 0.3
    top_hang: float = 0.5
    top_over: bool = True
    top_shell_m: float = 0.003
    leg_shell_m: float = 0.002
    sleeve_x: float = 9.0  # fitted sleeves end this far from the middle at rest
    hem_tilt: tuple[float, float, float] = (0.0, 0.0, 0.0)
    top_cut: Cut = PLAIN_CUT
    hip_cut: Cut = PLAIN_CUT
    leg_cut: Cut = PLAIN_CUT
    sleeve_cut: Cut = PLAIN_CUT
    materials: tuple[Material, ...] = (Material(),) * MATERIALS
    seed: int = 0
    _folds: dict[tuple[int, int, int], Array] = field(default_factory=dict, compare=False, repr=False)

    def folds(self, rings: int, around: int, which: int) -> Array:
        """The garment's wrinkles, the same in every frame of a clip."""
        key = (rings, around, which)
        if key not in self._folds:
            self._folds[key] = wrinkles(np.random.default_rng((self.seed, which)), rings, around)
        return self._folds[key]


def random_outfit(
    rng: np.random.Generator, body: Body, *, kind: str | None = None, test: bool = False
) -> Outfit:
    """Clothes for a body; `kind` asks for one of KINDS."""
    kind = kind or str(rng.choice(KINDS, p=(0.07, 0.36, 0.12, 0.28, 0.11, 0.06)))
    hip_z, rib_z = float(body.head("upperleg01.L")[2]), float(body.landmarks.points[9, 2])
    waist_z = hip_z + rng.uniform(0.03, 0.06 + 0.8 * (rib_z - hip_z) * rng.random())
    knee_z, ankle_z = float(body.head("lowerleg01.L")[2]), float(body.head("foot.L")[2])
    outfit = Outfit(
        kind=kind,
        hair=bool(rng.random() < 0.8),
        top_start_z=float(body.head("upperarm01.L")[2]) - 0.035,
        waist_z=waist_z,
        belt_m=float(rng.uniform(0, 0.06)) if rng.random() < 0.7 else 0.0,
        sock_z=ankle_z + float(rng.uniform(-0.02, 0.22)) if rng.random() < 0.6 else -9.0,
        shoe_z=ankle_z - 0.02 if rng.random() < 0.75 else -9.0,
        hem_tilt=three(rng.normal(0, (0.03, 0.08, 0.008))),
        materials=_materials(rng, test=test),
        seed=int(rng.integers(2**31)),
    )
    outfit = _with_bottom(rng, outfit, knee_z, ankle_z, hip_z)
    return _with_top(rng, outfit, body, hip_z, rib_z)


def _with_bottom(
    rng: np.random.Generator, outfit: Outfit, knee_z: float, ankle_z: float, hip_z: float
) -> Outfit:
    if outfit.kind == "dress":
        return replace(outfit, bottom="skirt", leg_z=hip_z - 0.2)
    bottom = str(rng.choice(BOTTOMS, p=(0.36, 0.18, 0.2, 0.18, 0.08)))
    short, long = knee_z + rng.uniform(0.02, 0.30), ankle_z + rng.uniform(-0.02, 0.12)
    fall = float(rng.uniform(0.2, 0.95))
    loose = Cut(
        ease_m=float(rng.uniform(0.006, 0.022)),
        fall=fall,
        bridge=0.8,
        slack_m=float(rng.uniform(0, 0.03)),
        flare=float(rng.uniform(0, 0.12)),
        wrinkle=float(rng.uniform(0, 0.5)),
    )
    close = Cut(ease_m=0.004, fall=0.1, bridge=float(rng.uniform(0.2, 0.9)), wrinkle=0.3)
    hips = replace(loose, ease_m=0.6 * loose.ease_m, fall=0.7 * fall, flare=0.0)
    plans = {
        "leggings": ((), long if rng.random() < 0.7 else short, close),
        "shorts": ((), short, close),
        "loose_shorts": (("hips", "legs"), short, loose),
        "trousers": (
            ("hips", "legs"),
            ankle_z + 0.02,
            replace(loose, gather=float(rng.random() < 0.4), flare=0.0),
        ),
        "skirt": (("skirt",), short, replace(loose, flare=float(rng.uniform(0.05, 0.5)), fall=0.95)),
    }
    tubes, leg_z, cut = plans[bottom]
    return replace(
        outfit,
        bottom=bottom,
        tubes=tubes,
        leg_z=float(leg_z),
        leg_cut=cut,
        hip_cut=hips,
        leg_shell_m=float(rng.uniform(0.001, 0.004)),
    )


def _with_top(rng: np.random.Generator, outfit: Outfit, body: Body, hip_z: float, rib_z: float) -> Outfit:
    wide = float(abs(body.head("upperarm01.L")[0]))
    sleeve_x = wide * float(rng.choice((0.85, 1.15, 1.5, 9.0), p=(0.4, 0.25, 0.2, 0.15)))
    if outfit.kind == "bare":
        return replace(outfit, hem_z=9.0, top_shell_m=0.0)
    if outfit.kind == "fitted":
        hem = rib_z + rng.uniform(0.0, 0.2) if rng.random() < 0.35 else hip_z + rng.uniform(-0.06, 0.16)
        return replace(
            outfit,
            hem_z=float(hem),
            top_shell_m=float(rng.uniform(0.001, 0.006)),
            sleeve_x=sleeve_x,
            top_over=bool(rng.random() < 0.6),
            looseness=0.05,
        )
    tubes = outfit.tubes + ("top", "arms")
    fall = float(rng.uniform(0.35, 1.0))
    ease = float(rng.uniform(0.006, 0.035))
    cut = Cut(
        ease_m=ease,
        fall=fall,
        bridge=float(rng.uniform(0.5, 1.0)),
        slack_m=float(rng.uniform(0, 0.06)),
        flare=float(rng.uniform(0, 0.1)),
        wrinkle=float(rng.uniform(0.1, 0.6)),
    )
    sleeve = Cut(
        ease_m=float(rng.uniform(0.006, 0.02)), fall=0.5, bridge=0.8, slack_m=0.015, flare=0.1, wrinkle=0.3
    )
    loose = float(np.clip(0.55 * fall + 14 * ease, 0, 1))
    common = {
        "tubes": tubes,
        "top_cut": cut,
        "sleeve_cut": sleeve,
        "looseness": loose,
        "top_hang": float(rng.uniform(0.2, 0.9)),
    }
    if outfit.kind == "shirt_in":
        end = outfit.waist_z - 0.01
        cut = replace(cut, gather=1.0, fall=0.6 * fall)
        return replace(
            outfit,
            **(common | {"top_cut": cut}),
            hem_z=end,
            top_over=False,
            sleeve=float(rng.uniform(0.25, 0.5)),
        )
    if outfit.kind == "hoodie":
        cut = replace(cut, gather=1.0, ease_m=ease + 0.012)
        return replace(
            outfit,
            **(common | {"top_cut": cut, "looseness": min(1.0, loose + 0.15)}),
            sleeve=0.92,
            hem_z=float(hip_z - rng.uniform(-0.04, 0.10)),
        )
    if outfit.kind == "dress":
        cut = replace(cut, flare=float(rng.uniform(0.02, 0.4)))
        return replace(
            outfit,
            **(common | {"top_cut": cut, "tubes": ("top", "arms")}),
            sleeve=float(rng.uniform(0.15, 0.5)),
            hem_z=float(hip_z - rng.uniform(0.15, 0.4)),
        )
    return replace(
        outfit, **common, sleeve=float(rng.uniform(0.25, 0.6)), hem_z=float(hip_z - rng.uniform(-0.06, 0.16))
    )


def _materials(rng: np.random.Generator, *, test: bool) -> tuple[Material, ...]:
    patterns = HELD_OUT_PATTERNS if test else TRAINING_PATTERNS
    tone = np.array([0.86, 0.66, 0.55]) * rng.uniform(0.22, 1.1) * np.exp(rng.normal(0, 0.05, 3))
    skin = Material(
        _rgb(tone),
        _rgb(tone * 0.9),
        PLAIN,
        9.0,
        float(rng.uniform(0, 0.001)),
        40.0,
        float(rng.uniform(0.02, 0.2)),
    )

    def cloth() -> Material:
        pattern = PLAIN if rng.random() < 0.45 else int(rng.choice(patterns))
        return Material(
            _colour(rng),
            _colour(rng),
            pattern,
            float(rng.uniform(6, 60)),
            float(rng.uniform(0, 0.006)),
            float(rng.uniform(8, 50)),
            float(rng.uniform(0, 0.15)),
        )

    top = cloth()
    bottom = cloth() if rng.random() < 0.85 else top
    belt = cloth() if rng.random() < 0.5 else bottom
    hair = Material(
        _rgb(np.array([0.3, 0.2, 0.12]) * rng.uniform(0.1, 2.2)), bump=0.004, grain=60.0, shine=0.2
    )
    return skin, top, bottom, belt, cloth(), hair, cloth()


def _colour(rng: np.random.Generator) -> tuple[float, float, float]:
    """Any colour, or a grey with a tinge, since much sportswear is black, grey or white."""
    if rng.random() < 0.5:
        return _rgb(rng.uniform(0, 1, 3))
    return _rgb(rng.uniform(0, 1) + rng.normal(0, 0.06, 3))


def _rgb(values: Array) -> tuple[float, float, float]:
    r, g, b = (float(x) for x in np.clip(values, 0.02, 1.0))
    return r, g, b
