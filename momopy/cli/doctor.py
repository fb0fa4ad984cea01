"""`momopy doctor`: check all that a call needs, one thing after the other, and say what to do about it."""

from __future__ import annotations

import textwrap

import click

from momopy.cli.checkup import Finding, examine

_SHOWN = {"ok": ("ok", "green"), "note": ("note", "yellow"), "fail": ("FAIL", "red"), "skip": ("-", "bright_black")}
_WIDTH = 100
_INDENT = " " * 26


_HELP = """Check your settings and the connection to MTN's API, and say what to mend.

Reads the environment variables that a program reads with Collection.from_env(): MOMO_SUBSCRIPTION_KEY,
MOMO_API_USER, MOMO_API_KEY, and, where they are set, MOMO_TARGET_ENVIRONMENT, MOMO_BASE_URL and MOMO_CALLBACK_URL.
Then it asks the API for a token and for the balance of the account. It moves no money, changes nothing, and prints
no key.

Each line begins with its result: ok, note (worth knowing), FAIL (with "->" and what to do), or - (could not be
checked). The exit code is 0 when nothing failed, and 1 when something did.
"""


@click.command(help=_HELP)
@click.option("--dotenv", type=click.Path(exists=True, dir_okay=False), help="Read variables from this .env file, too.")
@click.option(
    "--allow-custom-host",
    is_flag=True,
    help="Send the keys to the host in MOMO_BASE_URL, though it is not MTN's: you trust it.",
)
@click.option(
    "--allow-unknown-target",
    is_flag=True,
    help="Use MOMO_TARGET_ENVIRONMENT as it is, though momopy does not know it: a new country, for example.",
)
@click.pass_context
def doctor(context: click.Context, /, dotenv: str | None, **consents: bool) -> None:
    """The command."""
    failed = 0
    for finding in examine(dotenv or False, **consents):
        failed += finding.state == "fail"
        click.echo(lines(finding))
    click.echo()
    if failed:
        click.echo(f"{failed} of these {'needs' if failed == 1 else 'need'} mending; begin with the first.")
        context.exit(1)
    click.echo("All is well.")


def lines(finding: Finding) -> str:
    """A finding as a person reads it."""
    mark, colour = _SHOWN[finding.state]
    first = f"{mark:<5} {finding.subject:<19} "
    body = textwrap.wrap(finding.text, _WIDTH - len(_INDENT)) or [""]
    for advice in finding.advice:
        body += textwrap.wrap(advice, _WIDTH - len(_INDENT), initial_indent="-> ", subsequent_indent="   ")
    shown = textwrap.indent("\n".join(body), _INDENT)[len(first) :]
    return click.style(first[:5], fg=colour, bold=finding.state == "fail") + first[5:] + shown
