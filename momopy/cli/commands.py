"""The group `momopy`, whose commands are loaded when they are called."""

from __future__ import annotations

from importlib import import_module

import click

# A new command is a new row: its name, where its click command is, and what `--help` says of it.
# The text stands here so that the list of commands loads none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "doctor": ("momopy.cli.doctor:doctor", "Check your settings and the connection, and say what to mend."),
    "provision": ("momopy.cli.provision:provision", "Make an API user and its key, to try things on a sandbox."),
    "sandbox": (
        "momopy.sandbox.command:sandbox",
        "Run a MoMo service of your own on this machine, without real money.",
    ),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        try:
            command = getattr(import_module(module), name)
        except ImportError as missing:
            raise click.ClickException(str(missing)) from missing
        assert isinstance(command, click.Command)
        # python -OO leaves no docstring, which is where click takes the help from.
        command.help = command.help or COMMANDS[cmd_name][1]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


_HELP = """Tools for programs that take payments by MTN Mobile Money (the MoMo Collection API).

New here? Run `momopy sandbox` in one terminal: it needs no account with MTN. It prints the variables that your
program needs; set them in another terminal, and see with `momopy doctor` whether all is well.
"""


@click.group(cls=_Lazy, help=_HELP)
@click.version_option(package_name="momopy-collection", prog_name="momopy")
def momopy() -> None:
    """The command."""
