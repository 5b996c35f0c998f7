"""Ports of this machine: who listens there, and may this program?"""

import errno
import os
import socket
from contextlib import suppress
from typing import Final

from milieu.keeping.front import caddy
from milieu.keeping.parts import LOOPBACK
from milieu.kernel.errors import Refusal

ANSWERS_WITHIN_S: Final = 1.0
MAY_LISTEN: Final = "security.capability"  # the attribute of a file in which setcap keeps it


def refuse_port(port: int, name: str, *, address: str = LOOPBACK, by_caddy: bool = False) -> None:
    """See to it that somebody can listen there: this program, or Caddy for it.

    ``address``: where; empty for every address of this machine.

    Raises:
        Refusal: another program listens there, this user may not, or the address is not ours.
    """
    dual = not address and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if dual or ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family, dualstack_ipv6=dual).close()
    except PermissionError as fault:
        if by_caddy and _caddy_may():
            return
        raise Refusal(
            "port-not-allowed",
            f"This user may not listen on port {port}. Give the service "
            "AmbientCapabilities=CAP_NET_BIND_SERVICE (docs/run/install.md), or choose one from "
            f"1024 on with {name}.",
        ) from fault
    except OSError as fault:
        if fault.errno == errno.EADDRINUSE:
            raise Refusal(
                "port-taken",
                f"Another program listens on port {port}. Stop it, or choose another with {name}.",
            ) from fault
        raise Refusal(
            "address-unusable",
            f"Nobody can listen on {address or 'this machine'}, port {port}: {fault.strerror}.",
        ) from fault


def _caddy_may() -> bool:
    with suppress(OSError):
        return bool(os.getxattr(caddy(), MAY_LISTEN))
    return False


def port_answers(port: int, *, address: str = LOOPBACK) -> bool:
    """Return whether something listens on this machine's port."""
    try:
        socket.create_connection((address, port), ANSWERS_WITHIN_S).close()
    except OSError:
        return False
    return True
