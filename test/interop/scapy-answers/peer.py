"""The far end of four tunnels, made of scapy and the system's sockets.

Reads one JSON line for each suite from standard input: the associations of every tunnel. From then on packets of these
are decrypted by scapy's SecurityAssociation, and an echo request among them is answered with a reply that scapy
encrypts. Standard output: a JSON line "ready", "installed" for each suite, and a line for each packet.
"""

import json
import select
import socket
import sys

from scapy.all import ICMP, IP, IPv6, ICMPv6EchoReply, ICMPv6EchoRequest, Raw
from scapy.layers.ipsec import ESP, SecurityAssociation

ESP_PROTOCOL = 50
NAT_T_PORT = 4500
LONGEST_PACKET = 65535


def say(**line):
    print(json.dumps(line), flush=True)


def open_socket(tunnel):
    """A raw ESP socket or UDP port 4500 on the tunnel's far address."""
    family = socket.AF_INET if tunnel["outerFamily"] == 4 else socket.AF_INET6
    if tunnel["isNatT"]:
        opened = socket.socket(family, socket.SOCK_DGRAM)
        opened.bind((tunnel["peer"], NAT_T_PORT))
    else:
        opened = socket.socket(family, socket.SOCK_RAW, ESP_PROTOCOL)
        opened.bind((tunnel["peer"], 0))
    return opened


def outer_header(tunnel, source, destination):
    if tunnel["outerFamily"] == 4:
        return IP(src=source, dst=destination)
    return IPv6(src=source, dst=destination)


def make_association(tunnel, suite, spi, source, destination):
    return SecurityAssociation(
        ESP,
        spi=spi,
        crypt_algo=suite["encryption"],
        crypt_key=bytes.fromhex(suite["encryptionKey"]) or None,
        crypt_icv_size=suite["encryptionIcvBytes"] or None,
        auth_algo=suite["integrity"],
        auth_key=bytes.fromhex(suite["integrityKey"]) or None,
        tunnel_header=outer_header(tunnel, source, destination),
        esn_en=suite["hasEsn"],
    )


class Tunnel:
    """One tunnel's socket and its two associations of the moment."""

    def __init__(self, row):
        self.row = row
        self.socket = open_socket(row)
        self.inward = self.outward = None

    def install(self, entry, suite):
        near, far = self.row["local"], self.row["peer"]
        self.inward = make_association(self.row, suite, entry["spiOut"], near, far)
        self.outward = make_association(self.row, suite, entry["spiIn"], far, near)

    def take(self):
        """Decrypt one message and answer it. What goes wrong is said, and the peer goes on."""
        payload = self.socket.recv(LONGEST_PACKET)
        if self.row["outerFamily"] == 4 and not self.row["isNatT"]:
            payload = payload[(payload[0] & 15) * 4 :]
        try:
            inner = self.decrypt(payload)
            reply = make_reply(inner)
            if reply is None:
                say(kind="ignored", tunnel=self.row["name"], summary=inner.summary())
                return
            self.send(self.outward.encrypt(reply))
            say(kind="answered", tunnel=self.row["name"])
        except Exception as error:  # a peer that dies tells less than one that says why
            say(kind="failed", tunnel=self.row["name"], error=f"{type(error).__name__}: {error}")

    def decrypt(self, payload):
        header = outer_header(self.row, self.row["local"], self.row["peer"])
        if self.row["outerFamily"] == 4:
            header.proto = ESP_PROTOCOL
            packet = IP(bytes(header / Raw(payload)))
        else:
            header.nh = ESP_PROTOCOL
            packet = IPv6(bytes(header / Raw(payload)))
        return self.inward.decrypt(packet)

    def send(self, packet):
        esp = bytes(packet[ESP])
        port = NAT_T_PORT if self.row["isNatT"] else 0
        self.socket.sendto(esp, (self.row["local"], port))


def make_reply(inner):
    """The echo reply to an echo request, in a packet of its own; None for anything else."""
    if inner.haslayer(ICMP) and inner[ICMP].type == 8:
        echo = inner[ICMP]
        header = IP(src=inner.dst, dst=inner.src, id=inner.id)
        return header / ICMP(type=0, id=echo.id, seq=echo.seq) / Raw(bytes(echo.payload))
    if inner.haslayer(ICMPv6EchoRequest):
        echo = inner[ICMPv6EchoRequest]
        header = IPv6(src=inner.dst, dst=inner.src)
        return header / ICMPv6EchoReply(id=echo.id, seq=echo.seq, data=echo.data)
    return None


def main():
    tunnels = {row["name"]: Tunnel(row) for row in json.loads(sys.stdin.readline())}
    sockets = {tunnel.socket: tunnel for tunnel in tunnels.values()}
    say(kind="ready")
    while True:
        readable, _, _ = select.select([sys.stdin, *sockets], [], [])
        for source in readable:
            if source is not sys.stdin:
                sockets[source].take()
                continue
            line = sys.stdin.readline()
            if line == "":
                return
            message = json.loads(line)
            for entry in message["tunnels"]:
                tunnels[entry["name"]].install(entry, message["suite"])
            say(kind="installed")


main()
