"""Certificates for servers on the loopback interface, and servers that speak TLS with them."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from socketserver import TCPServer
from typing import Any

import trustme


def server_context(folder: Path) -> ssl.SSLContext:
    """Return what a server at 127.0.0.1 needs; whoever is to trust it reads ``folder/ca.pem``."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def certificate(folder: Path) -> Path:
    """Return a file with the key and the certificate of such a server, for other programs."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    path = folder / "server.pem"
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    return path


class TlsServer(TCPServer):
    """A server that speaks TLS if it is given a context."""

    tls: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        """Leave the handshake to the thread that answers."""
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address
