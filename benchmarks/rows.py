"""What is measured: each row is one operation, one way of calling, and who takes part."""

from __future__ import annotations

from typing import Final, NamedTuple

from benchmarks.contenders import AWAITED, BLOCKING
from benchmarks.share import AWAITED as SHARE_AWAITED
from benchmarks.share import BLOCKING as SHARE_BLOCKING


class Row(NamedTuple):
    """One table of the report."""

    title: str
    scheme: str
    operation: str
    at_once: int
    calls: int
    contenders: tuple[str, ...]
    heavy: bool = False
    """Takes long; fewer rounds do."""


_ALL: Final = (*BLOCKING, *AWAITED)
_STATUS: Final = tuple(name for name in _ALL if name != "mobilemoney.py")
_THREADS: Final = ("socket", "httpx.Client", "momopy.SyncCollection", "momo-openapi")
_TASKS: Final = ("asyncio", "aiohttp", "httpx.AsyncClient", "momopy.Collection", "momopy.Collection, fast")
_PEER: Final = (*_TASKS, "mobilemoney.py")

# For some a new connection and a new TLS context with each call; httpx's pool where many wait for it.
SLOW: Final = {
    "mtn-momo-client": 40,
    "mtnmomo": 100,
    "pytekmomoapi": 100,
    "mobilemoney.py": 200,
    "httpx.AsyncClient": 1000,
    "httpx.AsyncClient, sniffio": 1000,
}

ROWS: Final = (
    Row("request_to_pay, one after the other, HTTP", "http", "pay", 1, 800, _ALL),
    Row("get_account_balance, one after the other, HTTP", "http", "balance", 1, 800, _ALL),
    Row("get_payment_status, one after the other, HTTP", "http", "status", 1, 600, _STATUS),
    Row("request_to_pay, one after the other, HTTPS", "https", "pay", 1, 600, _ALL),
    Row("request_to_pay, 8 threads, HTTP", "http", "pay", 8, 1600, _THREADS),
    Row("request_to_pay, 32 threads, HTTP", "http", "pay", 32, 1600, _THREADS),
    Row("get_payment_status, 8 threads, HTTPS", "https", "status", 8, 1200, _THREADS),
    Row("request_to_pay, 10 tasks, HTTP", "http", "pay", 10, 1500, _PEER),
    Row("request_to_pay, 100 tasks, HTTP", "http", "pay", 100, 2000, (*_PEER, "httpx.AsyncClient, sniffio")),
    Row("get_account_balance, 100 tasks, HTTP", "http", "balance", 100, 2000, _PEER),
    Row("request_to_pay, 100 tasks, HTTPS", "https", "pay", 100, 2000, _PEER),
    Row("get_payment_status, 100 tasks, HTTP", "http", "status", 100, 2000, _TASKS),
    # mobilemoney.py has no call for the status of a payment; here, too, each answer names what was asked for.
    Row("get_basic_user_info, 10 tasks, HTTP", "http", "info", 10, 1000, _PEER[1:]),
    Row("request_to_pay, 1,000 tasks, HTTP", "http", "pay", 1000, 2000, _TASKS),
    # httpx.AsyncClient takes 18 ms of CPU for each of 5,000 calls at once: its pool looks through all that wait.
    Row("request_to_pay, 5,000 tasks, HTTP", "http", "pay", 5000, 5000, (*_TASKS[:2], *_TASKS[3:]), heavy=True),
    Row(
        "request_to_pay and get_payment_status, 10,000 tasks, HTTP",
        "http",
        "both",
        10000,
        10000,
        _TASKS[3:],
        heavy=True,
    ),
    Row("request_to_pay, no I/O", "http", "pay", 1, 4000, (*SHARE_BLOCKING, *SHARE_AWAITED)),
    Row("get_account_balance, no I/O", "http", "balance", 1, 4000, (*SHARE_BLOCKING, *SHARE_AWAITED)),
)
