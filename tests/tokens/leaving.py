"""Ends, and forks, while a thread of momopy's own renews a token that nobody waits for. Run by a test."""

from __future__ import annotations

import os
import time

from tests.tokens.desk import Credentials, Desk


def main() -> None:
    desk, merchant = Desk(), Credentials()
    client = merchant.blocking(desk)
    assert client.get_account_balance().ok
    token = client._driver._tokens._token
    assert token is not None
    token.mono -= 3100
    token.wall -= 3100
    desk.token_ready = lambda: False
    assert client.get_account_balance().ok
    while len(desk.asked) < 2:
        time.sleep(0.001)
    print("old" if len(set(desk.used)) == 1 else "other", flush=True)
    pid = os.fork()
    if pid == 0:
        # The thread stayed behind: the child renews by itself, and closes without waiting for anybody.
        desk.token_ready = lambda: True
        assert client.get_account_balance().ok
        client.close()
        assert client.get_account_balance().ok
        print("child", "new" if len(set(desk.used)) == 2 else "old", flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    print("parent", flush=True)


main()
