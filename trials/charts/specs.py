"""Figures as Vega-Lite specifications. Colours are the stylesheet's custom properties and `currentColor`, so that a drawing follows the
colour scheme and prints; text has no font of its own. Every mark carries the number of its link: `drawing` puts the address in.

Bars and fields that stand for nothing are left out; the number is written beside each bar, so no grid is needed to read it.
"""

import json
import textwrap
from functools import cache
from pathlib import Path

from trials.charts.figures import UNKNOWN, Cell, Figure

LINK = "https://mark.invalid/"
"""Stands before the number of a mark's link until `drawing` replaces both; Vega lets no relative address through."""

SPONSORS_DRAWN = 12
COUNTRIES_DRAWN = 12
BREADTH = 340
"""Pixels of every drawing but the map, so that their text has one size."""

LINE_LETTERS, LINES = 19, 3
"""Letters of a line and lines of a label before it is cut; `shortened` says it in full."""

LINE_HEIGHT = 16

LETTER = 8.4
"""Pixels to allow for a letter: pages are read in fonts wider than the one that Vega measures with."""

INK, SOFT, LINE, FILL = "currentColor", "var(--ink-soft)", "var(--line)", "var(--accent)"
APPROACH_COLOURS = {"HSCT": "var(--hsct)", "MSC": "var(--msc)", "iPSC": "var(--ipsc)"}
STEPS = (0.3, 0.5, 0.75, 1.0)
"""How strong the colour of a country is with 1, 2 to 4, 5 to 9, 10 or more trials."""

CONFIG = {
    "aria": False,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK, "titleColor": INK, "domainColor": SOFT, "tickColor": SOFT, "gridColor": LINE,
        "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal", "labelLimit": 0,
    },
    "header": {"labelColor": INK, "labelFontSize": 15, "labelFontWeight": "bold", "titleColor": INK},
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal"},
    "text": {"color": INK, "fontSize": 14},
    "title": {"color": INK, "fontSize": 15},
}  # fmt: skip


def specs(figure: Figure) -> list[dict]:
    """The drawings of a figure, one under another; none for a figure without cells. A mark links to the cell of `figure.in_order` whose
    place in that list it carries."""
    return SHAPES[figure.key](figure, _values(figure)) if figure.cells else []


def _values(figure: Figure) -> list[dict]:
    return [_value(number, cell) for number, cell in enumerate(figure.in_order)]


def _value(number: int, cell: Cell) -> dict:
    return {"row": cell.row, "series": cell.series, "number": cell.programmes, "link": f"{LINK}{number}"}


def _spec(values, **parts) -> dict:
    return {"background": None, "padding": 4, "config": CONFIG, "data": {"values": values}, **parts}


def _whole_numbers(largest: int) -> dict:
    """An axis that counts trials: a few whole numbers."""
    return {"tickCount": min(largest, 4), "tickMinStep": 1, "format": "d", "title": None}


def _columns(figure, values):
    """A panel of columns for each series, under one scale."""
    largest = max(value["number"] for value in values)
    years = [row for row in figure.rows if row.isdigit()]
    others = [row for row in figure.rows if not row.isdigit()]
    shown = [row for row in years if int(row) % 5 == 0 and not (others and row == years[-1])] if len(years) > 10 else years
    x = {
        "field": "row", "type": "ordinal", "title": None, "scale": {"domain": figure.rows, "paddingInner": 0.2},
        "axis": {"values": [*shown, *others], "labelAngle": 0, "labelOverlap": False,
                 "labelExpr": "test(/^\\d+$/, datum.label) ? datum.label : '?'"},
    }  # fmt: skip
    colours = [APPROACH_COLOURS.get(name, "var(--other)") for name in figure.series]
    return [
        _spec(
            values,
            facet={"row": {"field": "series", "type": "nominal", "title": None, "sort": figure.series,
                           "header": {"labelAngle": 0, "labelOrient": "top", "labelAnchor": "start"}}},
            spacing=12,
            spec={
                "width": BREADTH - 30, "height": 76,
                "mark": {"type": "bar"},
                "encoding": {
                    "x": x,
                    "y": {"field": "number", "type": "quantitative", "axis": _whole_numbers(largest)},
                    "color": {"field": "series", "type": "nominal", "legend": None, "scale": {"domain": figure.series, "range": colours}},
                    "href": {"field": "link"},
                },
            },
        )
    ]  # fmt: skip


def _bars(figure, values, first=None):
    """Bars from the left with their numbers, a panel for each series."""
    rows = figure.rows[:first]
    values = [value for value in values if value["row"] in rows]
    largest = max(value["number"] for value in values)
    extent = _extent(rows)
    step = _step(rows)
    panels = []
    for series in figure.series:
        within = [value for value in values if value["series"] == series]
        places = [rows.index(value["row"]) for value in within if value["row"] != UNKNOWN]
        shown = rows[min(places) : max(places) + 1] if places else []
        shown += [row for row in rows if row not in shown and any(value["row"] == row for value in within)]
        panel = {
            "data": {"values": within},
            "width": BREADTH - extent, "height": {"step": step},
            "layer": [
                {"mark": {"type": "bar", "height": 18, "color": FILL}, "encoding": {"href": {"field": "link"}}},
                {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "number"}}},
            ],
            "encoding": {
                "x": {"field": "number", "type": "quantitative", "axis": None, "scale": {"domain": [0, largest * 1.18]}},
                "y": {"field": "row", "type": "nominal", "scale": {"domain": shown}, "title": None, "axis": _row_axis(rows, extent)},
            },
        }  # fmt: skip
        title = {"title": {"text": series, "anchor": "start", "frame": "group", "offset": 4}} if series else {}
        panels.append(panel | title)
    return [{"background": None, "padding": 4, "config": CONFIG, "vconcat": panels, "spacing": 14}]


def _in_lines(label: str) -> list[str]:
    """A label in as many lines as are shown, the last one cut where there is more."""
    lines = textwrap.wrap(label, LINE_LETTERS) or [""]
    return [*lines[: LINES - 1], lines[LINES - 1][: LINE_LETTERS - 1] + "…"] if len(lines) > LINES else lines


def shortened(figure: Figure) -> list[str]:
    """The rows whose labels are cut in the drawing, in full."""
    return [row for row in figure.rows[:SPONSORS_DRAWN] if len(textwrap.wrap(row, LINE_LETTERS)) > LINES]


def _extent(rows: list[str]) -> int:
    """Pixels to keep free for the labels of rows."""
    return round(max(len(line) for row in rows for line in _in_lines(row)) * LETTER) + 10


def _step(rows: list[str]) -> int:
    """Pixels from one row to the next."""
    most = max(len(_in_lines(row)) for row in rows)
    return 26 if most == 1 else most * LINE_HEIGHT + 8


def _row_axis(rows: list[str], extent: int) -> dict:
    lines = {row: _in_lines(row) for row in rows}
    raised = []
    for count in range(2, LINES + 1):
        long = [row for row in rows if len(lines[row]) == count]
        test = f"indexof({json.dumps(long, ensure_ascii=False)}, datum.value) >= 0"
        raised.append({"test": test, "value": -(count - 1) * LINE_HEIGHT / 2})
    return {
        "ticks": False, "domain": False, "labelPadding": 6, "minExtent": extent, "maxExtent": extent,
        "labelExpr": f"{json.dumps(lines, ensure_ascii=False)}[datum.label]", "labelLineHeight": LINE_HEIGHT,
        "labelOffset": {"condition": raised, "value": 0},
    }  # fmt: skip


def _grid(figure, values):
    """Rows against series, the number in each field."""
    largest = max(value["number"] for value in values)
    short = {"Early phase 1": "E1", "Not applicable": "N/A", "Not stated": "?"}
    for value in values:
        value["column"] = short.get(value["series"], value["series"].removeprefix("Phase "))
        value["shade"] = round(0.1 + 0.25 * value["number"] / largest, 2)
    columns = [short.get(one, one.removeprefix("Phase ")) for one in figure.series]
    extent = _extent(figure.rows)
    return [
        _spec(
            values,
            width={"step": min(max((BREADTH - extent) / len(columns), 26), 60)}, height={"step": max(_step(figure.rows), 30)},
            layer=[
                {"mark": {"type": "rect", "color": FILL, "cornerRadius": 3},
                 "encoding": {"opacity": {"field": "shade", "type": "quantitative", "scale": None}, "href": {"field": "link"}}},
                {"mark": {"type": "text", "fontSize": 14, "color": "var(--ink)"},
                 "encoding": {"text": {"field": "number"}, "href": {"field": "link"}}},
            ],
            encoding={
                "x": {"field": "column", "type": "nominal", "title": "Phase", "scale": {"domain": columns, "paddingInner": 0.08},
                      "axis": {"labelAngle": 0, "ticks": False, "domain": False, "orient": "top"}},
                "y": {"field": "row", "type": "nominal", "title": None, "scale": {"domain": figure.rows, "paddingInner": 0.08},
                      "axis": _row_axis(figure.rows, extent)},
            },
        )
    ]  # fmt: skip


@cache
def _world() -> dict:
    return json.loads((Path(__file__).parent.parent / "data" / "world.json").read_text(encoding="utf-8"))


@cache
def _drawn_countries() -> frozenset[str]:
    return frozenset(shape["properties"]["name"] for shape in _world()["objects"]["countries"]["geometries"])


def _shade(number: int) -> float:
    return STEPS[(number > 1) + (number > 4) + (number > 9)]


def _map(figure, values):
    """The world, and the countries with the most trials as bars under it."""
    shapes = {"values": _world(), "format": {"type": "topojson", "feature": "countries"}}
    on_map = [{**value, "shade": _shade(value["number"])} for value in values if value["row"] in _drawn_countries()]
    world = {
        "background": None, "padding": 2, "config": CONFIG,
        "width": 720, "height": 350, "projection": {"type": "equalEarth"},
        "layer": [
            {"data": shapes, "mark": {"type": "geoshape", "fill": "var(--sunk)", "stroke": "var(--edge)", "strokeWidth": 0.5}},
            {
                "data": shapes,
                "transform": [
                    {"lookup": "properties.name",
                     "from": {"data": {"values": on_map}, "key": "row", "fields": ["number", "shade", "link"]}},
                    {"filter": "isValid(datum.number)"},
                ],
                "mark": {"type": "geoshape", "fill": FILL, "stroke": "var(--surface)", "strokeWidth": 0.5, "opacity": 1},
                "encoding": {
                    "fillOpacity": {"field": "shade", "type": "quantitative", "scale": None},
                    "href": {"field": "link"},
                },
            },
        ],
    }  # fmt: skip
    return [*([world] if on_map else []), *_bars(figure, values, COUNTRIES_DRAWN)]


SHAPES = {
    "starts": _columns,
    "phases": _grid,
    "enrolment": _bars,
    "countries": _map,
    "sponsor-kinds": _bars,
    "sponsors": lambda figure, values: _bars(figure, values, SPONSORS_DRAWN),
    "outcomes": _bars,
    "lengths": _bars,
}
