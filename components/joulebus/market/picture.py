"""Draws the graph of a market as SVG: boxes in columns, arrows with their energy; it needs nothing but a browser to be looked at."""

from html import escape

from joulebus.market.graph import AssetNode, Edge, Graph

BOX_WIDTH, BOX_HEIGHT = 210, 56
COLUMN_WIDTH, ROW_HEIGHT = 400, 108
MARGIN, HEAD = 48, 84
GRAPH_COLOURS = {
    "meter": "#1b7f4b",
    "residual": "#5f6b7a",
    "contract": "#b3541e",
    "counter": "#d9a441",
    "correction": "#8e3b8e",
    "rule": "#9aa5b1",
}
LEGEND = {
    "meter": "metered",
    "residual": "residual with the upstream",
    "contract": "contract (PPA)",
    "counter": "its counter posting",
    "correction": "correction",
    "rule": "balanced against",
}
CHARACTERS_MAX = 26


def svg(graph: Graph) -> str:
    """The whole picture as text."""
    columns = 1 + max((node.column for node in graph.nodes), default=0)
    rows = 1 + max((node.row for node in graph.nodes), default=0)
    width = 2 * MARGIN + BOX_WIDTH + (columns - 1) * COLUMN_WIDTH
    height = HEAD + 2 * MARGIN + BOX_HEIGHT + (rows - 1) * ROW_HEIGHT
    places = _places(graph, rows)
    body = [*_arrows(graph, places), *(part for node in graph.nodes for part in _box(node, places[node.name]))]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" style="max-width: {width}px" role="img"'
        ' font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{escape(graph.title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *_head(graph, width),
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _places(graph: Graph, rows: int) -> dict[str, tuple[float, float]]:
    """The middle of each box; a column with few boxes is centred."""
    counts: dict[int, int] = {}
    for node in graph.nodes:
        counts[node.column] = counts.get(node.column, 0) + 1
    found = {}
    for node in graph.nodes:
        down = (rows - counts[node.column]) / 2 + node.row
        found[node.name] = (MARGIN + BOX_WIDTH / 2 + node.column * COLUMN_WIDTH, HEAD + MARGIN + BOX_HEIGHT / 2 + down * ROW_HEIGHT)
    return found


def _head(graph: Graph, width: int) -> list[str]:
    kinds = [kind for kind in LEGEND if any(edge.kind == kind for edge in graph.edges)]
    lines = [f'<text x="{MARGIN}" y="34" font-size="18" font-weight="600" fill="#1f2933">{escape(graph.title)}</text>']
    x = MARGIN
    for kind in kinds:
        lines.append(f'<line x1="{x}" y1="60" x2="{x + 26}" y2="60" stroke="{GRAPH_COLOURS[kind]}" stroke-width="3"/>')
        lines.append(f'<text x="{x + 34}" y="65" fill="#52606d">{LEGEND[kind]}</text>')
        x += 54 + 8 * len(LEGEND[kind])
    return lines


def _box(node: AssetNode, place: tuple[float, float]) -> list[str]:
    x, y = place[0] - BOX_WIDTH / 2, place[1] - BOX_HEIGHT / 2
    corner, fill = (26, "#e8f5ee") if node.kind == "meter" else (6, "#eef2f7")
    name = node.name if len(node.name) <= CHARACTERS_MAX else f"{node.name[: CHARACTERS_MAX - 1]}…"
    net = f"{node.kind} · net {node.net_wh:+,} Wh" if node.net_wh else f"{node.kind} · net 0"
    return [
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{corner}" fill="{fill}" stroke="#52606d"/>',
        f'<text x="{place[0]}" y="{place[1] - 4}" text-anchor="middle" font-weight="600" fill="#1f2933">{escape(name)}</text>',
        f'<text x="{place[0]}" y="{place[1] + 16}" text-anchor="middle" font-size="12" fill="#52606d">{escape(net)}</text>',
    ]


def _arrows(graph: Graph, places: dict[str, tuple[float, float]]) -> list[str]:
    lines = [_marker(kind) for kind in LEGEND if any(edge.kind == kind for edge in graph.edges)]
    shared: dict[frozenset[str], list[Edge]] = {}
    for edge in graph.edges:
        shared.setdefault(frozenset((edge.giver, edge.taker)), []).append(edge)
    for edges in shared.values():
        for number, edge in enumerate(edges):
            lines += _arrow(edge, places, (number - (len(edges) - 1) / 2) * 34)
    return lines


def _marker(kind: str) -> str:
    return (
        f'<marker id="{kind}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse">'
        f'<path d="M0 0 L10 5 L0 10 z" fill="{GRAPH_COLOURS[kind]}"/></marker>'
    )


def _arrow(edge: Edge, places: dict[str, tuple[float, float]], aside: float) -> list[str]:
    """Between the sides of two boxes; arrows of one pair run beside each other, those inside a column bow out."""
    (x1, y1), (x2, y2) = places[edge.giver], places[edge.taker]
    if x1 == x2:
        side = x1 + BOX_WIDTH / 2
        path = f"M{side} {y1 + 8} C{side + 70 + abs(aside)} {y1 + 8} {side + 70 + abs(aside)} {y2 - 8} {side} {y2 - 8}"
        label = (side + 58 + abs(aside), (y1 + y2) / 2)
    else:
        right = x1 < x2
        start, end = x1 + (BOX_WIDTH / 2 if right else -BOX_WIDTH / 2), x2 - (BOX_WIDTH / 2 if right else -BOX_WIDTH / 2)
        shift, middle = aside / 2.2, (start + end) / 2
        path = f"M{start} {y1 + shift} C{middle} {y1 + shift} {middle} {y2 + shift} {end} {y2 + shift}"
        label = (middle, (y1 + y2) / 2 + shift * 1.15 - 5)
    lines = [f'<path d="{path}" fill="none" stroke="{GRAPH_COLOURS[edge.kind]}" stroke-width="2.2" marker-end="url(#{edge.kind})"/>']
    if edge.wh:
        lines.append(
            f'<text x="{label[0]}" y="{label[1]}" text-anchor="middle" font-weight="600" fill="{GRAPH_COLOURS[edge.kind]}" stroke="#ffffff"'
            f' stroke-width="4" paint-order="stroke">{edge.wh:,} Wh</text>'
        )
    return lines
