"""HTTPS in front of the pages: Caddy, with the hospital's certificate or a unit's own authority."""

import sys
from pathlib import Path
from typing import Final

from django.conf import settings

from milieu.keeping.certificates import Tls, host_in_url
from milieu.keeping.parts import LOOPBACK
from milieu.kernel.errors import Refusal

BODY_MAX: Final = "1200KB"  # a little more than the pages take, so that theirs is the answer

CADDYFILE: Final = """\
# Written by `milieu serve --tls` at each start. Change its options instead of this file.
{{
	admin off
	persist_config off
	auto_https disable_redirects
	skip_install_trust
	default_sni {name}
	{bind}
	http_port {http_port}
	https_port {https_port}
	storage file_system "{folder}"
	grace_period 5s
	{authority}
	log {{
		output stderr
		level WARN
		# A request's headers hold tokens, and its address may hold a name.
		format filter {{
			request delete
			wrap json
		}}
	}}
	servers {{
		protocols h1 h2
		max_header_size 64KB
		timeouts {{
			read_header 10s
			read_body 60s
			idle 5m
		}}
	}}
}}

https://{host}:{https_port} {{
	tls {certificate}
	request_body {{
		max_size {body_max}
	}}
	@pages not path /live/*
	encode @pages zstd gzip
	reverse_proxy {loopback}:{port}
}}

http://{host}:{http_port} {{
	# A phone that does not trust this unit's authority yet gets its certificate here.
	handle /trust/* {{
		reverse_proxy {loopback}:{port}
	}}
	handle /static/* {{
		reverse_proxy {loopback}:{port}
	}}
	handle {{
		redir {address}{{uri}} 308
	}}
}}
"""
OWN_AUTHORITY: Final = """local_certs
	pki {{
		ca local {{
			name "Milieu at {name}"
			root_cn "Milieu at {name}"
		}}
	}}"""


def front(chosen: Tls) -> tuple[str, ...]:
    """Write Caddy's configuration, and return the command line that serves by it.

    Raises:
        Refusal ``path-unusable``: the name of a file cannot be written there.
    """
    folder = Path(settings.HOME) / "caddy"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "Caddyfile"
    path.write_text(caddyfile(chosen, folder))
    return (str(caddy()), "run", "--adapter", "caddyfile", "--config", str(path))


def caddy() -> Path:
    """Return where Caddy is."""
    return Path(sys.executable).with_name("caddy")


def caddyfile(chosen: Tls, folder: Path) -> str:
    """Return Caddy's configuration."""
    for text in (chosen.certificate, chosen.key, str(folder)):
        if any(letter in text for letter in '"`\\{}\n'):
            raise Refusal(
                "path-unusable", f"{text!r} has a sign that cannot be used here. Rename it."
            )
    pair = f'"{chosen.certificate}" "{chosen.key}"'
    return CADDYFILE.format(
        name=chosen.name,
        bind=f"default_bind {chosen.bind}" if chosen.bind else "",
        host=host_in_url(chosen.name),
        https_port=chosen.https_port,
        http_port=chosen.http_port,
        folder=folder,
        authority=OWN_AUTHORITY.format(name=chosen.name) if chosen.own_authority else "",
        certificate="internal" if chosen.own_authority else pair,
        body_max=BODY_MAX,
        loopback=LOOPBACK,
        port=settings.PORT,
        address=chosen.address,
    )
