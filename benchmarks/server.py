"""The other side: a static nginx over HTTP and HTTPS on free loopback ports, which counts its connections."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import certifi

_TOKEN = "x" * 400
# A status answer and a holder's data repeat what was asked for: an answer that is another call's shows.
_STATUS = (
    '{"externalId":"$1","amount":"5","currency":"EUR","payer":{"partyIdType":"MSISDN","partyId":"87937389"},'
    '"financialTransactionId":"23503452","status":"SUCCESSFUL"}'
)
_INFO = (
    '{"sub":"$1","given_name":"Sand","family_name":"Box","birthdate":"1976-08-13","locale":"sv_SE","gender":"MALE",'
    '"status":"ACTIVE"}'
)
_CONFIG = """
worker_processes 1; daemon off; pid {home}/pid; error_log {home}/errors crit;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 60s;
  client_body_temp_path {home}/b; proxy_temp_path {home}/p; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  server {{
    listen 127.0.0.1:{http} backlog=8192;
    listen 127.0.0.1:{https} ssl backlog=8192;
    ssl_certificate {home}/cert.pem; ssl_certificate_key {home}/key.pem;
    default_type application/json;
    location = /connections {{ stub_status; }}
    location = /collection/token/ {{
      return 200 '{{"access_token":"{token}","token_type":"access_token","expires_in":3600}}'; }}
    location = /collection/v1_0/requesttopay {{ default_type ""; return 202; }}
    location = /collection/v1_0/account/balance {{
      return 200 '{{"availableBalance":"1000","currency":"EUR"}}'; }}
    location ~ "^/collection/v1_0/requesttopay/([0-9a-f-]{{36}})$" {{ return 200 '{status}'; }}
    location ~ "^/collection/v1_0/accountholder/msisdn/([0-9]+)/basicuserinfo$" {{ return 200 '{info}'; }}
  }}
}}
"""


_CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
    "-addext subjectAltName=DNS:localhost,IP:127.0.0.1"
).split()


class Site(NamedTuple):
    """Where a contender calls."""

    url: str
    ca: str | None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """nginx, from `with` to its end."""

    def __init__(self) -> None:
        self.program = shutil.which("nginx") or "/usr/sbin/nginx"

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="momopy-benchmarks-"))
        self._home.chmod(0o755)
        subprocess.run(
            [*_CERTIFICATE, "-keyout", str(self._home / "key.pem"), "-out", str(self._home / "cert.pem")],
            check=True,
            capture_output=True,
        )
        # The list of authorities that each client reads anyway, and this one: who reads it with each call pays for it.
        authorities = Path(certifi.where()).read_text() + (self._home / "cert.pem").read_text()
        (self._home / "ca.pem").write_text(authorities)
        http, https = _free_port(), _free_port()
        config = self._home / "nginx.conf"
        config.write_text(
            _CONFIG.format(home=self._home, http=http, https=https, token=_TOKEN, status=_STATUS, info=_INFO)
        )
        self._process = subprocess.Popen(
            [self.program, "-c", str(config), "-p", str(self._home), "-e", str(self._home / "errors")],
            stderr=subprocess.DEVNULL,
        )
        self.sites = {
            "http": Site(f"http://127.0.0.1:{http}", None),
            "https": Site(f"https://localhost:{https}", str(self._home / "ca.pem")),
        }
        for _ in range(100):
            try:
                self.connections()
                return self
            except OSError:
                time.sleep(0.05)
        self.__exit__(None, None, None)
        raise RuntimeError("nginx does not answer")

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        shutil.rmtree(self._home, ignore_errors=True)

    def connections(self) -> int:
        """How many connections it has accepted so far, this one not counted."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.sites["http"].url + "/connections", timeout=5) as answer:
            numbers = answer.read().split()
        return int(numbers[numbers.index(b"requests") + 1]) - 1

    def version(self) -> str:
        """nginx's own."""
        said = subprocess.run([self.program, "-v"], capture_output=True, text=True, check=True).stderr
        return said.strip().rpartition("/")[2]


def environment(site: Site, root: Path) -> dict[str, str]:
    """The environment of a measured process: momopy from this tree, the server's certificate for all."""
    kept = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    kept["PYTHONPATH"] = os.pathsep.join([str(root), str(root / "generated")])
    # As where a package is installed: compiled once, for all alike.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    kept["PYTHONPYCACHEPREFIX"] = str(root / ".venv-bench" / "pycache")
    if site.ca is not None:
        kept |= {"SSL_CERT_FILE": site.ca, "REQUESTS_CA_BUNDLE": site.ca}
    return kept
