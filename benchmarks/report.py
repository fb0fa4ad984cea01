"""Tables and a plot of what was measured."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from benchmarks.contenders import AWAITED
from benchmarks.rows import Row

Found: TypeAlias = Mapping[tuple[str, str], Sequence[dict[str, Any]]]

IMPORTS = (
    "import httpx",
    "import momopy",
    "from momopy import SyncCollection",
    "import httpx, asyncio",
    "from momopy import Collection",
)
MARK = "<!-- Below: written by benchmarks/run. -->\n"
_PACKAGES = (
    "httpx httpcore anyio sniffio aiohttp yarl requests urllib3 "
    "mobilemoney.py momo-openapi mtn-momo-client mtnmomo pytekmomoapi"
).split()


def brief(told: Mapping[str, Any]) -> str:
    """One measurement for the terminal."""
    if "failed" in told:
        return str(told["failed"])
    return f"cpu {told['cpu']:.0f} us  wall {told['wall']:.0f} us  errors {told['errors'] or 0}"


def versions(nginx: str) -> str:
    """The machine and what ran on it."""
    model = re.search(r"model name\s*:\s*(.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _read("/proc/meminfo"))
    lines = [
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {model[1] if model else platform.processor()}, "
            f"{os.cpu_count()} cores, {int(memory[1]) // 2**20 if memory else '?'} GB; "
            f"{platform.system()} {platform.release()}; Python {platform.python_version()}; nginx {nginx}."
        ),
        ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES) + ".",
    ]
    return "\n\n".join(lines)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:
        return ""


def _baseline(name: str, row: Row) -> str | None:
    wanted = "httpx.AsyncClient" if name in AWAITED else "httpx.Client"
    return wanted if wanted in row.contenders else None


def ratio(found: Found, row: Row, name: str, key: str, against: str | None = None) -> float | None:
    """The median over the rounds of a contender's figure to raw httpx's of the same round."""
    base = against or _baseline(name, row)
    if base is None:
        return None
    pairs = zip(found.get((row.title, name), ()), found.get((row.title, base), ()), strict=False)
    ratios = [mine[key] / other[key] for mine, other in pairs if key in mine and key in other]
    return median(ratios) if ratios else None


def _median(tolds: Iterable[Mapping[str, Any]], key: str) -> float:
    return median(told[key] for told in tolds if key in told)


def _table(row: Row, found: Found) -> list[str]:
    lines = [
        f"### {row.title}",
        "",
        "| | CPU us | x httpx | wall us | throughput, x httpx | connections / calls | peak MB | wrong or failed |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name in row.contenders:
        tolds = found.get((row.title, name), ())
        fine = [told for told in tolds if "failed" not in told]
        if not fine:
            why = tolds[0]["failed"] if tolds else "not run"
            lines.append(f"| {name} | {why.replace('|', '/')} | | | | | | |")
            continue
        cpu, wall = ratio(found, row, name, "cpu"), ratio(found, row, name, "wall")
        errors = sum(sum(told["errors"].values()) for told in fine)
        shown = f"**{name}**" if name.startswith("momopy") else name
        lines.append(
            f"| {shown} | {_median(fine, 'cpu'):,.0f} | {_shown(cpu)} | {_median(fine, 'wall'):,.0f} | "
            f"{_shown(1 / wall if wall else None)} | {_median(fine, 'connections'):.0f} / {fine[0]['calls']} | "
            f"{_median(fine, 'peak') / 1024:.0f} | {errors} of {sum(told['calls'] for told in fine)} |"
        )
    return [*lines, ""]


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _imports(loaded: Mapping[str, Sequence[Sequence[float]]]) -> list[str]:
    if not loaded:
        return []
    base = loaded["import httpx"]
    lines = [
        "### Import, fresh interpreters by turns",
        "",
        "| | wall, ms | CPU, ms | x httpx | memory added, MB | x httpx |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    added = median(values[2] - values[3] for values in base)
    for statement in IMPORTS:
        values = loaded[statement]
        wall, cpu = (median(one[at] for one in values) * 1e3 for at in (0, 1))
        by_round = median(mine[1] / other[1] for mine, other in zip(values, base, strict=True))
        memory = median(one[2] - one[3] for one in values)
        lines.append(
            f"| `{statement}` | {wall:.1f} | {cpu:.1f} | {by_round:.2f} | {memory / 1024:.1f} | {memory / added:.2f} |"
        )
    return [*lines, ""]


def _row(rows: Sequence[Row], title: str) -> Row | None:
    return next((row for row in rows if row.title == title), None)


def _targets(rows: Sequence[Row], found: Found) -> list[str]:
    lines = ["### Against the targets", "", "| | target | measured |", "|---|--:|--:|"]

    def add(what: str, target: str, values: Iterable[float | None], *, throughput: bool = False) -> None:
        known = [value for value in values if value is not None]
        if known:
            shown = [f"{1 / value:.1f}" if throughput else f"{value:.2f}" for value in known]
            lines.append(f"| {what} | {target} | {' / '.join(shown)} |")

    def each(name: str, key: str, *titles: str, against: str | None = None) -> list[float | None]:
        chosen = (_row(rows, title) for title in titles)
        return [ratio(found, row, name, key, against) for row in chosen if row is not None]

    pay, balance, status, tls = (
        f"{operation}, one after the other, {scheme}"
        for operation, scheme in (
            ("request_to_pay", "HTTP"),
            ("get_account_balance", "HTTP"),
            ("get_payment_status", "HTTP"),
            ("request_to_pay", "HTTPS"),
        )
    )
    hundred, thousand = "request_to_pay, 100 tasks, HTTP", "request_to_pay, 1,000 tasks, HTTP"
    every = "pay / balance / status / pay over HTTPS"
    add(f"SyncCollection, CPU, {every}", "≤ 0.75", each("momopy.SyncCollection", "cpu", pay, balance, status, tls))
    add(f"Collection, CPU, {every}", "≤ 0.65", each("momopy.Collection", "cpu", pay, balance, status, tls))
    add(f"with fast, CPU, {every}", "≤ 0.30", each("momopy.Collection, fast", "cpu", pay, balance, status, tls))
    add(
        "the same against httpx with sniffio",
        "",
        each("momopy.Collection, fast", "cpu", pay, balance, status, tls, against="httpx.AsyncClient, sniffio"),
    )
    add(
        "Collection, throughput, 100 / 1,000 at once",
        "≥ 1.3",
        each("momopy.Collection", "wall", hundred, thousand),
        throughput=True,
    )
    add(
        "with fast, throughput, 100 / 1,000 at once",
        "≥ 9",
        each("momopy.Collection, fast", "wall", hundred, thousand),
        throughput=True,
    )
    few = found.get(("request_to_pay, 10 tasks, HTTP", "momopy.Collection, fast"))
    many = found.get(("request_to_pay, 5,000 tasks, HTTP", "momopy.Collection, fast"))
    if few and many:
        add("with fast, CPU per call, 5,000 at once to 10", "≤ 1.3", [_median(many, "cpu") / _median(few, "cpu")])
    waiting = [found.get(("request_to_pay, 5,000 tasks, HTTP", name)) for name in _MOMOPY]
    add("memory for each of 5,000 calls at once, KB, without / with fast", "", [_grown(told) for told in waiting])
    return [*lines, ""] if len(lines) > 4 else []


_MOMOPY = ("momopy.Collection", "momopy.Collection, fast")


def _grown(tolds: Sequence[Mapping[str, Any]] | None) -> float | None:
    fine = [told for told in tolds or () if "grown" in told]
    return _median(fine, "grown") / fine[0]["calls"] if fine else None


def _peers(rows: Sequence[Row], found: Found) -> list[str]:
    peers = {
        "mobilemoney.py": ("momopy.Collection", "momopy.Collection, fast"),
        "momo-openapi": ("momopy.SyncCollection",),
        "mtn-momo-client": ("momopy.SyncCollection",),
        "mtn-momo-client, client given": ("momopy.SyncCollection",),
        "mtnmomo": ("momopy.SyncCollection",),
        "pytekmomoapi": ("momopy.SyncCollection",),
    }
    shown = [row for row in rows if any(peer in row.contenders for peer in peers)]
    lines = ["### How many times the CPU of momopy each peer takes", ""]
    lines += ["| | " + " | ".join(row.title for row in shown) + " |", "|---|" + "--:|" * len(shown)]
    for peer, ours in peers.items():
        for mine in ours:
            cells = [_shown(ratio(found, row, peer, "cpu", mine) if peer in row.contenders else None) for row in shown]
            lines.append(f"| {peer} / {mine} | " + " | ".join(cells) + " |")
    return [*lines, ""] if shown else []


def document(
    rows: Sequence[Row],
    found: Found,
    loaded: Mapping[str, Sequence[Sequence[float]]],
    machine: str,
    rounds: int,
    seconds: float,
) -> str:
    """The whole report."""
    lines = ["## Figures", "", machine, ""]
    lines += [
        f"{rounds} rounds by turns in {seconds / 60:.0f} minutes; medians. `x httpx` is the median of the ratios",
        "",
    ]
    lines[-2] += " to `httpx.Client` or `httpx.AsyncClient` in the same round."
    lines += [*_targets(rows, found), *_imports(loaded), *_peers(rows, found)]
    for row in rows:
        lines += _table(row, found)
    return "\n".join(lines)


def write(folder: Path, text: str, rows: Sequence[Row], found: Found) -> None:
    """Replace the figures in docs/benchmarks.md, keep what a person wrote above them, and draw the plot."""
    page = folder / "benchmarks.md"
    above = page.read_text().partition(MARK)[0] if page.exists() else "# Benchmarks\n\n"
    page.write_text(above + MARK + "\n" + text.rstrip() + "\n")
    (folder / "benchmarks.svg").write_text(plot(rows, found))


_COLOURS = {"momopy.SyncCollection": "#0a7", "momopy.Collection": "#0a7", "momopy.Collection, fast": "#063"}
_PLOTTED = (
    "request_to_pay, one after the other, HTTPS",
    "request_to_pay, 10 tasks, HTTP",
    "request_to_pay, 100 tasks, HTTP",
    "request_to_pay, 1,000 tasks, HTTP",
    "request_to_pay, 5,000 tasks, HTTP",
)


def plot(rows: Sequence[Row], found: Found) -> str:
    """CPU for each call, as bars on a logarithmic scale."""
    from math import log10

    left, bar, width = 250, 18, 560
    drawn: list[str] = []
    y = 30
    for row in rows:
        if row.title not in _PLOTTED:
            continue
        drawn.append(f'<text x="10" y="{y}" font-weight="bold">{escape(row.title)}</text>')
        y += 10
        for name in row.contenders:
            fine = [told for told in found.get((row.title, name), ()) if "cpu" in told]
            if not fine:
                continue
            cpu = _median(fine, "cpu")
            length = max(2.0, (log10(cpu) - 1) / 3.6 * width)
            drawn.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
            drawn.append(
                f'<rect x="{left}" y="{y + 2}" width="{length:.0f}" height="{bar - 4}" '
                f'fill="{_COLOURS.get(name, "#999")}"/>'
            )
            drawn.append(f'<text x="{left + length + 6:.0f}" y="{y + 13}">{cpu:,.0f}</text>')
            y += bar
        y += 28
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 80}" height="{y}" '
        'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n'
        '<text x="10" y="14" fill="#555">CPU of the client for each call, microseconds, logarithmic</text>\n'
    )
    return head + "\n".join(drawn) + "\n</svg>\n"
