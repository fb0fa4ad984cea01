"""`momopy doctor`: check all that a call needs, one thing after the other, and say what to do about it."""

from __future__ import annotations

import textwrap

import click

from momopy.cli.checkup import Finding, examine

_SHOWN = {"ok": ("ok", "green"), "note": ("note", "yellow"), "fail": ("FAIL", "red"), "skip": ("-", "bright_black")}
_WIDTH = 100
_INDENT = " " * 26


@click.command()
@click.option("--dotenv", type=click.Path(exists=True, dir_okay=False), help="Read this .env file as well.")
@click.option("--allow-custom-host", is_flag=True, help="MOMO_BASE_URL is meant, though it is no host of MTN's.")
@click.pass_context
def doctor(context: click.Context, dotenv: str | None, allow_custom_host: bool) -> None:
    """Find out why the API does not answer as it should.

    Reads the variables that Collection.from_env() reads, and checks in turn the variables, the name of the host,
    TLS, the subscription key, the token, the target environment, the callback host and the balance. Moves no
    money and shows no secret. Ends with 0 when all is well, and with 1 when something is not.
    """
    failed = 0
    for finding in examine(dotenv or False, allow_custom_host=allow_custom_host):
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
