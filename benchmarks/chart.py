"""Figures as a picture: bars on a scale of powers of ten, drawn as SVG that reads on light and on dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

# One colour an engine, told apart by those who see fewer colours, too; of middle lightness, for either background.
COLOURS = ("#d55e00", "#0083c9", "#009e73", "#b08a00", "#b45a94", "#7a7a7a", "#5566cc", "#3a9dbd")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}line{stroke:#8c959f;stroke-opacity:.45}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}}"
)
WIDTH, LEFT, RIGHT = 900, 130, 60
BAR, GAP, HEAD, FOOT = 9, 12, 56, 34


@dataclass(frozen=True)
class Scale:
    """From a value to a place, by powers of ten."""

    low: int
    high: int

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


def scale(values: Sequence[float]) -> Scale:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return Scale(low, max(high, low + 1))


def bars(title: str, rows: Mapping[str, Mapping[str, float]], unit: str = "ms") -> str:
    """A group of bars for each row, a bar for each engine; an engine that a row lacks leaves its place empty."""
    engines = list(dict.fromkeys(engine for held in rows.values() for engine in held))
    along = scale([value for held in rows.values() for value in held.values()])
    group = len(engines) * BAR + GAP
    height = HEAD + group * len(rows) + FOOT
    parts = [*legend(title, engines), *grid(along, height, unit)]
    for number, (name, held) in enumerate(rows.items()):
        parts += drawn(name, held, engines, along, HEAD + number * group)
    return framed(parts, height, title)


def drawn(name: str, held: Mapping[str, float], engines: Sequence[str], along: Scale, top: float) -> list[str]:
    parts = [label(LEFT - 8, top + len(engines) * BAR / 2 + 4, name, "end")]
    for place, engine in enumerate(engines):
        if engine in held:
            width = max(along(held[engine]) - LEFT, 1)
            told = f"<title>{escape(engine)}, {escape(name)}: {held[engine]:.3g}</title>"
            parts.append(
                f'<rect x="{LEFT}" y="{top + place * BAR:.1f}" width="{width:.1f}" height="{BAR - 1}" '
                f'fill="{COLOURS[place % len(COLOURS)]}">{told}</rect>'
            )
    return parts


def legend(title: str, engines: Sequence[str]) -> list[str]:
    parts = [label(0, 14, title, "start")]
    at = 0.0
    for place, engine in enumerate(engines):
        parts.append(f'<rect x="{at:.0f}" y="26" width="12" height="12" fill="{COLOURS[place % len(COLOURS)]}"/>')
        parts.append(label(at + 17, 37, engine, "start"))
        at += 40 + 7.2 * len(engine)
    return parts


def grid(along: Scale, height: int, unit: str) -> list[str]:
    parts = []
    for power in range(along.low, along.high + 1):
        at = along(10.0**power)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{HEAD - 8}" y2="{height - FOOT + 2}"/>')
        parts.append(label(at, height - 14, f"{10.0**power:g} {unit}", "middle"))
    return parts


@dataclass(frozen=True)
class Line:
    name: str
    points: Sequence[tuple[float, float]]


def lines(title: str, drawn_lines: Sequence[Line], unit: str = "ms") -> str:
    """How something grows: both scales in powers of ten."""
    height, bottom = 460, 460 - FOOT
    across = scale([x for line in drawn_lines for x, _ in line.points])
    up = scale([y for line in drawn_lines for _, y in line.points])

    def rise(value: float) -> float:
        share = (math.log10(value) - up.low) / (up.high - up.low)
        return bottom - share * (bottom - HEAD)

    parts = legend(title, [line.name for line in drawn_lines])
    for power in range(up.low, up.high + 1):
        at = rise(10.0**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(label(LEFT - 8, at + 4, f"{10.0**power:g} {unit}", "end"))
    for x in sorted({x for line in drawn_lines for x, _ in line.points}):
        parts.append(label(across(x), height - 14, f"{x:,.0f}", "middle"))
    for place, line in enumerate(drawn_lines):
        points = " ".join(f"{across(x):.1f},{rise(y):.1f}" for x, y in line.points)
        colour = COLOURS[place % len(COLOURS)]
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    return framed(parts, height, title)


def label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def framed(parts: Sequence[str], height: float, title: str) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>", *parts, "</svg>", ""])
