"""The diagram of the core: a box for each class with its object properties, an arrow from each to where it leads.

In: a store, which is asked for the classes and the properties between them. Out: a `Diagram`, coordinates in pixels, or
its SVG file. Deterministic: one vocabulary always gives the same drawing. The template escapes all text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import graphlay

from equipoise.api.pages import render_text
from equipoise.api.pages.asked import rows
from equipoise.graph.store import Store

__all__ = ["ANYTHING", "Arrow", "Box", "Diagram", "Joint", "Line", "core_diagram", "diagram_file", "lay_out"]

NAME_SIZE, LINE_SIZE = 15, 13
HEAD, LINE, FOOT, PADDING, MARGIN, LOOP = 34, 19, 5, 9, 12, 13
"""Pixels: the height of a box down to its first line, of a line, below the last one; then widths."""

ANYTHING = ""
"""The end of an arrow whose property has no class there."""

NARROW, WIDE, BOLD = frozenset("fijlrt.,'|-() "), frozenset("mwMWQOGD%@"), 1.07

OPTIONS = {
    "direction": "leftright",
    "routing": {"style": "orthogonal"},
    "spacing": {"layer_gap": 20.0, "node_gap": 18.0, "dummy_gap": 10.0, "port_gap": 8.0},
}
"""Options of the layout engine, over those of its preset `layered`."""

ROUNDS = 4
"""How often the lines of the boxes are put into the order of what they lead to, to save crossings."""


@dataclass(frozen=True)
class Joint:
    """A property from one class to another, or, without a label, the way from a class to its superclass."""

    source: str
    property: str
    label: str | None
    target: str


@dataclass(frozen=True)
class Line:
    """A property in a box, by where its text starts and the middle of its height."""

    iri: str
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Box:
    """A class, by the upper left corner of its box, with its properties."""

    iri: str
    text: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def name_at(self) -> tuple[float, float]:
        """Where the name of the class starts, by the middle of its height."""
        return round(self.x + PADDING, 1), round(self.y + HEAD / 2 + 1, 1)


@dataclass(frozen=True)
class Arrow:
    """The way from a property to the class it leads to, or from a class to its superclass."""

    joint: Joint
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The way as the `d` of an SVG path."""
        return "M" + " L".join(f"{x:g} {y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Diagram:
    """Boxes and arrows within a frame that begins at 0, 0."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def core_diagram(store: Store) -> Diagram:
    """The diagram of the classes that are not defined by others and of the properties between them."""
    classes = {row["class"]: row["label"] for row in rows(store, "diagram-classes")}
    joints = []
    for row in rows(store, "diagram-arrows"):
        source, target = row["from"] or ANYTHING, row["to"] or ANYTHING
        if {source, target} <= {*classes, ANYTHING} and (source or target):
            joints.append(Joint(source, row["property"], row["label"], target))
    return lay_out(tuple(sorted(classes.items())), tuple(joints))


@lru_cache(maxsize=4)
def lay_out(classes: tuple[tuple[str, str], ...], joints: tuple[Joint, ...]) -> Diagram:
    """Lay out classes (IRI, label) and what joins them; a class that nothing joins is left out.

    After each round the lines of every box are put into the order, from top to bottom, of what they lead to; the round
    with the fewest crossings is taken.
    """
    names = {**dict(classes), ANYTHING: "anything"}
    drawn = sorted({end for joint in joints for end in (joint.source, joint.target)})
    heights: Mapping[str, float] = {}
    best: tuple[int, Sequence[str], _Lines, graphlay.Layout] | None = None
    for _ in range(ROUNDS):
        lines = {iri: _lines(iri, joints, heights) for iri in drawn}
        layout = graphlay.layout(_graph(drawn, names, lines, joints), options=OPTIONS)
        crossings = layout.metrics()["crossings"]
        if best is None or crossings < best[0]:
            best = (crossings, drawn, lines, layout)
        heights = {iri: node["center"]["y"] for iri, node in zip(drawn, layout.nodes, strict=True)}
    assert best is not None
    return _diagram(names, joints, *best[1:])


_Lines = Mapping[str, Sequence[Joint]]


def _lines(iri: str, joints: Sequence[Joint], heights: Mapping[str, float]) -> list[Joint]:
    """The properties of a box: those that lead back to it first, then by the height of what they lead to."""
    own = [joint for joint in joints if joint.source == iri and joint.label is not None]
    return sorted(own, key=lambda joint: (joint.target != iri, heights.get(joint.target, 0), joint.property))


def _size(name: str, lines: Sequence[Joint]) -> tuple[float, float]:
    widths = [_text_width(name, NAME_SIZE) * BOLD, *(_text_width(joint.label or "", LINE_SIZE) for joint in lines)]
    return max(widths) + 2 * PADDING, HEAD + (LINE * len(lines) + FOOT if lines else 0)


def _text_width(text: str, size: float) -> float:
    """The width in pixels that a text takes at most in the usual fonts without serifs, at a size in pixels."""
    return sum(0.38 if letter in NARROW else 0.95 if letter in WIDE else 0.64 for letter in text) * size


def _line_at(lines: Sequence[Joint], joint: Joint) -> float:
    """The middle of a property's line below the top of its box."""
    return HEAD + LINE * (lines.index(joint) + 0.5)


def _graph(drawn: Sequence[str], names: Mapping[str, str], lines: _Lines, joints: Sequence[Joint]) -> graphlay.Graph:
    graph = graphlay.Graph()
    for iri in drawn:
        width, height = _size(names[iri], lines[iri])
        graph.node(iri, width=width, height=height)
    for joint in joints:
        if joint.label is None:
            graph.edge(joint.source, joint.target, reverse_for_ranking=True)
        elif joint.source != joint.target:
            own = lines[joint.source]
            at = 2 * _line_at(own, joint) / _size(names[joint.source], own)[1] - 1  # -1 the top of the box, 1 its foot
            graph.edge(joint.source, joint.target, source_port={"offset": {"side": "right", "t": round(at, 4)}})
    return graph


def _diagram(
    names: Mapping[str, str], joints: Sequence[Joint], drawn: Sequence[str], lines: _Lines, layout: graphlay.Layout
) -> Diagram:
    left, top = (layout.bounds["min"][axis] - MARGIN for axis in ("x", "y"))
    boxes = {}
    for iri, node in zip(drawn, layout.nodes, strict=True):
        width, height = node["size"]["width"], node["size"]["height"]
        x, y = node["center"]["x"] - width / 2 - left, node["center"]["y"] - height / 2 - top
        texts = tuple(
            Line(joint.property, joint.label or "", round(x + PADDING, 1), round(y + _line_at(lines[iri], joint), 1))
            for joint in lines[iri]
        )
        boxes[iri] = Box(iri, names[iri], round(x, 1), round(y, 1), round(width, 1), height, texts)
    routed = [joint for joint in joints if joint.label is None or joint.source != joint.target]
    arrows = [
        Arrow(joint, tuple((round(point["x"] - left, 1), round(point["y"] - top, 1)) for point in edge["points"]))
        for joint, edge in zip(routed, layout.edges, strict=True)
    ]
    loops = [Arrow(joint, _loop(boxes[joint.source], joint)) for joint in joints if joint not in routed]
    return Diagram(
        width=round(
            max(layout.bounds["max"]["x"] - left, *(box.x + box.width + LOOP for box in boxes.values())) + MARGIN
        ),
        height=round(layout.bounds["max"]["y"] - top + MARGIN),
        boxes=tuple(boxes.values()),
        arrows=(*arrows, *loops),
    )


def _loop(box: Box, joint: Joint) -> tuple[tuple[float, float], ...]:
    """The way from a property back to the name of its own class."""
    right, far = box.x + box.width, round(box.x + box.width + LOOP, 1)
    start = next(line.y for line in box.lines if line.iri == joint.property)
    return (right, start), (far, start), (far, box.y + HEAD / 2), (right, box.y + HEAD / 2)


def diagram_file(diagram: Diagram) -> bytes:
    """The diagram as an SVG file that carries its own style, in light and dark."""
    style = (files("equipoise.api.pages") / "static" / "diagram.css").read_text(encoding="utf-8")
    return render_text("diagram.svg", diagram=diagram, style=style).encode()
