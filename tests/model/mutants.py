"""Wrong procedures: the real one with one thought left out. Each must be caught by the model check."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from momopy import procedure


class Mutant(NamedTuple):
    """One change of the source; `old` must stand in it exactly once."""

    name: str
    old: str
    new: str


MUTANTS: Final = (
    Mutant(
        "a 409 is a success",
        "                ended = yield from _settle(story, verdict, settings, deadline, looks=_LOOKS)\n"
        "                return story.lost(verdict) if ended is None else ended\n"
        '            case "permanent" if',
        '                return Success({"reference_id": call.reference_id, "status": "PENDING"})\n'
        '            case "permanent" if',
    ),
    Mutant(
        "a 409 means that nothing was made",
        "                ended = yield from _settle(story, verdict, settings, deadline, looks=_LOOKS)\n"
        "                return story.lost(verdict) if ended is None else ended\n"
        '            case "permanent" if',
        '                return story.refused(verdict)\n            case "permanent" if',
    ),
    Mutant(
        "a lost attempt leaves no taint",
        '            case "unclear":\n                story.doubted = True\n',
        '            case "unclear":\n',
    ),
    Mutant(
        "a look that finds nothing proves that nothing was made",
        "heard.code is not None and not (story.tainted or call.operation.kind.keyed):",
        "heard.code is not None:",
    ),
    Mutant(
        "a refusal after a lost attempt is believed",
        '            case "permanent" | "business" | "absent" | "duplicate" if '
        'story.tainted and kind.ambiguous == "look":',
        '            case "business" | "absent" | "duplicate":\n                return story.refused(verdict)\n'
        '            case "permanent":',
    ),
    Mutant(
        "any status answer is the payment's own",
        '    match wire.echo(story.call.expected, data):\n        case "bare":\n            return None\n        case',
        '    match "same":\n        case "bare":\n            return None\n        case',
    ),
    Mutant(
        "one foreign answer is a conflict",
        '        if verdict.kind == "duplicate" and said == foreign:',
        "        if True:",
    ),
    Mutant(
        "a refused token is renewed for ever",
        "                renewable = False\n                story.attempts -= 1\n",
        "                story.attempts -= 1\n",
    ),
    Mutant(
        "a 429 forgets the attempts before it",
        '            case "limited":\n',
        '            case "limited":\n                story.doubted = False\n',
    ),
    Mutant(
        "a 429 is waited for without end",
        "                if least > settings.retry_after_limit or story.attempts >= limit:",
        "                if least > settings.retry_after_limit:",
    ),
    Mutant(
        "a wait may pass the deadline",
        "    at, granted = yield wait._replace(most=min(wait.most, deadline - story.at))",
        "    at, granted = yield wait",
    ),
    Mutant(
        "any answer below 300 is a success",
        "heard.status in operation.success:",
        "heard.status < 300:",
    ),
    Mutant(
        "a create that came out as unknown is resumed as if it were new",
        "        return self.doubted or self.call.tainted",
        "        return self.doubted",
    ),
    Mutant(
        "a code about the request settles copies of another one",
        '            case "permanent" if not call.tainted:\n',
        '            case "permanent":\n',
    ),
    Mutant(
        "a call without a key is sent again",
        '            case "unclear" if kind.ambiguous == "stop":\n                return story.lost(verdict)\n',
        '            case "unclear" if kind.ambiguous == "stop":\n'
        "                wait = _backoff(story.attempts, settings)\n"
        "                if story.attempts >= limit:\n"
        "                    return story.lost(verdict)\n",
    ),
    Mutant(
        "a cancellation that was refused once is believed",
        'case "duplicate" | "absent" if call.look is not None and (verdict.kind == "duplicate" or not kind.keyed):',
        'case "duplicate" if call.look is not None and kind.keyed:',
    ),
    Mutant(
        "the status of any invoice tells of this one",
        '        return _cancelled(story, data) if wire.echo(story.call.expected, data) == "same" else None',
        "        return _cancelled(story, data)",
    ),
    Mutant(
        "a payment that failed is a payment that was made",
        '    if status == "FAILED":\n        return failed(story, data)\n    if operation.shape',
        "    if operation.shape",
    ),
    Mutant(
        "an answer about another payment is taken",
        'if data is wire.UNFIT or not call.expected or operation.kind.ambiguous != "repeat":',
        "if True:",
    ),
    Mutant(
        "the quota is not asked",
        "    return granted is not False",
        "    return True",
    ),
    Mutant(
        "a lost answer was surely not sent",
        'isinstance(heard, Fault) and heard.kind in ("lost", "deadline"):\n            self.maybe = True\n',
        "False:\n            pass\n",
    ),
    Mutant(
        "the fate of a create whose attempts are used up is that of its last",
        "                    return story.lost(verdict)\n                continue\n",
        "                    return story.refused(verdict)\n                continue\n",
    ),
)


def source() -> str:
    """The text of the real procedure."""
    assert procedure.__file__ is not None
    return Path(procedure.__file__).read_text(encoding="utf-8")


def made(mutant: Mutant, text: str) -> ModuleType:
    """The procedure with the mutant's change, as a module of its own."""
    assert text.count(mutant.old) == 1, f"the procedure has changed: {mutant.name!r} no longer applies"
    module = ModuleType("momopy.procedure_mutant")
    changed = text.replace(mutant.old, mutant.new)
    exec(compile(changed, f"<{mutant.name}>", "exec"), module.__dict__)
    return module
