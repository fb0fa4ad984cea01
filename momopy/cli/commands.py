"""The group `momopy`, whose commands are loaded when they are called."""

from __future__ import annotations

from importlib import import_module

import click

# A new command is a new row: its name, where its click command is, and what `--help` says of it.
# The text stands here so that the list of commands loads none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "doctor": ("momopy.cli.doctor:doctor", "Find out why the API does not answer as it should."),
    "provision": ("momopy.cli.provision:provision", "Make an API user and its key on a sandbox."),
    "sandbox": ("momopy.sandbox.command:sandbox", "Serve a local MoMo."),
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
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.group(cls=_Lazy)
@click.version_option(package_name="momopy-collection", prog_name="momopy")
def momopy() -> None:
    """Work with the MTN MoMo Collection API from the command line."""
