"""The two vocabularies of concurrency, side by side: the same verbs, awaited and blocking.

`driver.py` is written against `Runtime`; its twin is derived from it and gets `SyncRuntime`.
Each holds the transport of this process (and event loop), bounds the calls on the wire, sees an attempt
through to its end, and sleeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import inspect
import os
import queue
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, Final, Generic, TypeVar, TypeVarTuple

import httpx

from momopy.errors import InvalidArgument, Misuse
from momopy.faults import NoSlot, NotMade

T = TypeVar("T")
Tr = TypeVar("Tr")
Ts = TypeVarTuple("Ts")

CUT: Final = (Exception, asyncio.CancelledError)
"""What ends the reading of an answer: a fault, or the deadline, which cancels the attempt. What was read counts."""


class Source(Generic[Tr]):
    """Makes transports, or hands out the one that the caller brought, which the caller also closes.

    `shared`: one transport carries any number of calls at once. httpx's own can, but looks at each of its idle
    connections for every call, which costs more than the call itself from 50 connections on (measured on 0.28.1);
    so each of them is given one call at a time.
    """

    __slots__ = ("given", "make", "pid", "shared")

    def __init__(self, make: Callable[[], Tr], given: Tr | None = None, *, shared: bool = False) -> None:
        self.make = make
        self.given = given
        self.pid = os.getpid()
        self.shared = shared or given is not None

    def take(self) -> Tr:
        """A transport for one process and event loop."""
        if self.given is None:
            try:
                return self.make()
            except Misuse:
                raise
            except Exception as exc:
                raise NotMade from exc
        if self.pid != os.getpid() and isinstance(self.given, httpx.HTTPTransport | httpx.AsyncHTTPTransport):
            # Parent and child would read each other's answers: 75 of 200 on httpx 0.28.1 (measured).
            raise InvalidArgument("transport", "was made before a fork: make the client in the process that uses it")
        return self.given


class _Place:
    """What belongs to one event loop of one process."""

    __slots__ = ("background", "bare", "free", "idle", "loop", "pid", "tasks", "waiting")

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self.loop = loop
        self.pid = os.getpid()
        # The last one used is the next one taken: few connections are kept busy rather than many half idle.
        self.idle: list[httpx.AsyncBaseTransport] = []
        # For timers: without one of their own, asyncio copies the caller's for each.
        self.bare = contextvars.Context()
        self.free = limit
        # What asyncio's semaphore and timeout keep for each that waits is a third more for the garbage collector
        # to walk over, and of 5,000 calls at once 4,900 wait.
        self.waiting: deque[asyncio.Future[bool]] = deque()
        # An event loop keeps only weak references to its tasks.
        self.tasks: set[asyncio.Task[Any]] = set()
        self.background: set[asyncio.Task[Any]] = set()

    def release(self) -> None:
        """Hand a slot to the first that still waits for one."""
        while self.waiting:
            turn = self.waiting.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self.free += 1


class Runtime:
    """Awaited: transports for each event loop, attempts that outlive a cancelled caller."""

    def __init__(self, source: Source[httpx.AsyncBaseTransport], limit: int) -> None:
        self._source = source
        self._limit = limit
        self._places: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Place] = weakref.WeakKeyDictionary()
        self._last: _Place | None = None
        self.given = source.given is not None
        self.late: Callable[..., Coroutine[Any, Any, None]] | None = None
        """Told the answer to an attempt whose caller has gone away, and what the attempt was given."""

    def _place(self) -> _Place:
        loop = asyncio.get_running_loop()
        place = self._last
        if place is not None and place.loop is loop and place.pid == os.getpid():
            return place
        place = self._places.get(loop)
        if place is None or place.pid != os.getpid():
            self._forget()
            # After a fork the sockets are the parent's: they are left alone, not closed.
            place = self._places[loop] = _Place(loop, self._limit)
        self._last = place
        return place

    def _forget(self) -> None:
        # A place holds its loop, so the weak keys alone would keep both for ever.
        for reference in self._places.keyrefs():
            loop = reference()
            if loop is not None and loop.is_closed():
                self._places.pop(loop, None)

    async def attempt(
        self, send: Callable[[httpx.AsyncBaseTransport, *Ts], Coroutine[Any, Any, T]], seconds: float, *args: *Ts
    ) -> T:
        """Run one attempt to its end, though the caller be cancelled, or to its time's.

        httpx's pool loses a slot for good for a call that is cancelled at the wrong moment (measured on
        0.28.1: 10 of 10 slots after 10,000 cancelled calls), and a payment's answer would be lost with it.
        """
        place = self._place()
        end = place.loop.time() + seconds
        if place.free:
            place.free -= 1
        else:
            turn: asyncio.Future[bool] = place.loop.create_future()
            place.waiting.append(turn)
            timer = place.loop.call_at(end, _end, turn, False, context=place.bare)
            try:
                granted = await turn
            except asyncio.CancelledError:
                if not turn.cancelled() and turn.result():
                    place.release()
                raise
            finally:
                timer.cancel()
            if not granted:
                raise NoSlot
        try:
            transport = place.idle.pop() if place.idle else self._source.take()
        except BaseException:
            place.release()
            raise
        if self._source.shared:
            place.idle.append(transport)
        ended: asyncio.Future[T] = place.loop.create_future()
        task = place.loop.create_task(self._see_through(place, transport, send, args, end, ended))
        place.tasks.add(task)
        task.add_done_callback(functools.partial(self._leave, place, transport, ended))
        # Not the task itself: a cancelled caller cancels what it waits for.
        return await ended

    async def _see_through(
        self,
        place: _Place,
        transport: httpx.AsyncBaseTransport,
        send: Callable[[httpx.AsyncBaseTransport, *Ts], Coroutine[Any, Any, T]],
        args: tuple[*Ts],
        end: float,
        ended: asyncio.Future[T],
    ) -> None:
        """Tell the caller from within: one round of the event loop less than a callback of the task's takes."""
        timer = place.loop.call_at(end, _cancel, asyncio.current_task(), context=place.bare)
        try:
            answer = await send(transport, *args)
        except asyncio.CancelledError:
            # By the deadline, or by a loop that comes to its end.
            if place.loop.time() >= end and not ended.done():
                ended.set_exception(TimeoutError())
            return
        except GeneratorExit:
            raise  # the event loop was closed under it: there is nobody to tell, and no way to
        except BaseException as exc:
            if not ended.done():
                ended.set_exception(exc)
            if not isinstance(exc, Exception):
                raise
            return
        finally:
            timer.cancel()
            # Before the caller goes on: its next call takes this connection again.
            self._give_back(place, transport)
        if not ended.done():
            ended.set_result(answer)
        elif self.late is not None:
            # Cancelled here, the task would look like one that never began, and be given back once more.
            with contextlib.suppress(asyncio.CancelledError):
                await self.late(answer, *args)

    def _give_back(self, place: _Place, transport: httpx.AsyncBaseTransport) -> None:
        if not self._source.shared:
            place.idle.append(transport)
        place.release()

    def _leave(
        self, place: _Place, transport: httpx.AsyncBaseTransport, ended: asyncio.Future[Any], task: asyncio.Task[Any]
    ) -> None:
        place.tasks.discard(task)
        if task.cancelled():  # before it began, or it would have ended with an answer for the caller
            self._give_back(place, transport)
        else:
            task.exception()  # nobody else fetches it, and the loop would complain
        ended.cancel()  # whoever cancelled it, the caller is not left waiting

    async def spawn(self, work: Callable[[], Coroutine[Any, Any, None]], seconds: float | None = None) -> None:
        """Run work that others wait for as well: a caller who is cancelled, or has no more time, leaves it to them."""
        task = self._begin(work)
        await asyncio.wait([task], timeout=seconds)
        if task.done():
            task.result()

    def background(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run work that nobody waits for before `aclose`."""
        self._begin(work)

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        place = self._place()
        task = place.loop.create_task(work())
        place.background.add(task)
        task.add_done_callback(place.background.discard)
        return task

    async def wait(self, future: Future[T], seconds: float | None) -> T:
        """Wait for what another task, thread or event loop works on."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def wake(_: Future[T]) -> None:
            # This loop may be closed by then.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_end, ended, None)

        future.add_done_callback(wake)
        async with asyncio.timeout(seconds):
            await ended
        return future.result(0)

    def witness(self) -> Callable[[object], bool]:
        """Make what tells, in any thread, whether this event loop still runs what was begun in it.

        It is asked with the event loop that the asker holds up.
        """
        loop = asyncio.get_running_loop()
        return lambda halted: halted is not loop and loop.is_running()

    def halts(self) -> object:
        """The event loop that stands still while this caller waits."""
        return None

    async def blocking(self, work: Callable[[], T]) -> T:
        """Do something that blocks, such as writing a journal, without stopping the event loop."""
        from momopy.workers import journals

        return await self.wait(journals.submit(functools.partial(contextvars.copy_context().run, work)), None)

    def aside(self, work: Callable[[], T]) -> Future[T]:
        """Begin something that may hang in a thread, where it holds up nobody who does not wait for it."""
        return _aside(work)

    def afterwards(self, work: Callable[[], None]) -> None:
        """Do something in a thread that nobody waits for, except the end of the program for a moment."""
        _afterwards(work)

    async def tell(self, listener: Callable[[dict[str, Any]], Any], data: dict[str, Any]) -> None:
        """Call a listener of the user's, which may be a coroutine function."""
        told = listener(data)
        if inspect.isawaitable(told):
            await told

    async def sleep(self, seconds: float) -> None:
        """Sleep."""
        await asyncio.sleep(seconds)

    async def aclose(self) -> None:
        """Wait for the attempts that go on, and close the transports of this event loop."""
        place = self._places.get(asyncio.get_running_loop())
        if place is not None and place.pid == os.getpid() and place.background:
            # First, since they make further attempts here.
            await asyncio.gather(*place.background, return_exceptions=True)
        place = self._places.pop(asyncio.get_running_loop(), None)
        self._last = None
        if place is None or place.pid != os.getpid():
            return
        while place.tasks or any(not turn.done() for turn in place.waiting):
            await asyncio.gather(*place.tasks, return_exceptions=True)
            await asyncio.sleep(0)  # those whose turn it is now begin
        if self._source.given is None:
            for transport in place.idle:
                await transport.aclose()


def _cancel(task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        task.cancel()


def _end(future: asyncio.Future[T], outcome: T) -> None:
    if not future.done():
        future.set_result(outcome)


def _aside(work: Callable[[], T]) -> Future[T]:
    from momopy.workers import takers

    return takers.submit(functools.partial(contextvars.copy_context().run, work))


def _afterwards(work: Callable[[], None]) -> None:
    from momopy.workers import keepers

    keepers.submit(functools.partial(contextvars.copy_context().run, work))


class SyncRuntime:
    """Blocking: transports for the process, shared by its threads."""

    def __init__(self, source: Source[httpx.BaseTransport], limit: int) -> None:
        self._source = source
        self._limit = limit
        self.given = source.given is not None
        self.late: Callable[..., None] | None = None
        """Nobody can go away while an attempt blocks."""
        self._start()

    def _start(self) -> None:
        self._pid = os.getpid()
        self._idle: list[httpx.BaseTransport] = []
        self._slots: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(self._limit):
            self._slots.put(None)
        self._background: list[threading.Thread] = []

    def attempt(self, send: Callable[[httpx.BaseTransport, *Ts], T], seconds: float, *args: *Ts) -> T:
        """Run one attempt to its end."""
        if self._pid != os.getpid():
            # After a fork the sockets are the parent's: they are left alone, not closed.
            self._left_behind = self._idle
            self._start()
        slots, idle = self._slots, self._idle
        # A signal may raise after any call: what takes something must be one, in C, that also notes it. A semaphore of
        # the standard library is Python, and loses the slot to a Ctrl-C at the wrong moment.
        slot: list[None] = []
        transport: list[httpx.BaseTransport] = []
        try:
            try:
                slot.extend(map(slots.get, (True,), (seconds,)))
            except queue.Empty:
                raise NoSlot from None
            try:
                # Another thread may take the last one between a look and a pop.
                transport.extend(map(idle.pop, (-1,)))
            except IndexError:
                transport.append(self._source.take())
            return send(transport[0], *args)
        finally:
            try:
                idle.extend(transport)
            finally:
                if slot:
                    slots.put(None)

    def spawn(self, work: Callable[[], None], seconds: float | None = None) -> None:
        """Run work that other threads wait for as well: a caller who has no more time leaves it to them."""
        if seconds is None:
            work()
            return
        ended: Future[None] = Future()
        context = contextvars.copy_context()

        def run() -> None:
            try:
                context.run(work)
            except BaseException as exc:
                ended.set_exception(exc)
            else:
                ended.set_result(None)

        self.background(run)
        try:
            ended.result(seconds)
        except TimeoutError:
            if ended.done():
                raise

    def background(self, work: Callable[[], None]) -> None:
        """Run work that nobody waits for before `close`; a program that ends does not wait for it either."""
        thread = threading.Thread(target=work, name="momopy-background", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no more threads, or the interpreter begins no more
            work()
            return
        self._background = [*(one for one in self._background if one.is_alive()), thread]

    def wait(self, future: Future[T], seconds: float | None) -> T:
        """Wait for what another thread or event loop works on."""
        return future.result(seconds)

    def witness(self) -> Callable[[object], bool]:
        """Make what tells whether the caller still goes on: a thread cannot stand still for ever."""
        return lambda halted: True  # noqa: ARG005

    def halts(self) -> object:
        """The event loop that stands still while this caller waits: the one whose thread it is called in."""
        try:
            return asyncio.get_running_loop()
        except RuntimeError:
            return None

    def blocking(self, work: Callable[[], T]) -> T:
        """Do something that blocks."""
        return work()

    def aside(self, work: Callable[[], T]) -> Future[T]:
        """Begin something that may hang in a thread, where it holds up nobody who does not wait for it."""
        return _aside(work)

    def afterwards(self, work: Callable[[], None]) -> None:
        """Do something in a thread that nobody waits for, except the end of the program for a moment."""
        _afterwards(work)

    def tell(self, listener: Callable[[dict[str, Any]], Any], data: dict[str, Any]) -> None:
        """Call a listener of the user's."""
        listener(data)

    def sleep(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    def close(self) -> None:
        """Close the transports."""
        for thread in self._background:  # those of a fork's parent have ended here
            thread.join()
        idle, self._idle = self._idle, []
        if self._pid == os.getpid() and self._source.given is None:
            for transport in idle:
                transport.close()
