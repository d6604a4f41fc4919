"""Cables between machines."""

import itertools
import socket

_numbers = itertools.count(1)


class Cable:
    """Joins a card of one machine with a card of another; the first must start first."""

    def __init__(self):
        self.number = next(_numbers)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]

    def first_end(self):
        return self._card("listen", 1)

    def second_end(self):
        return self._card("connect", 2)

    def _card(self, way, end):
        name = f"cable{self.number}"
        return [
            *("-netdev", f"socket,id={name},{way}=127.0.0.1:{self._port}"),
            *("-device", f"virtio-net-pci,netdev={name},mac=52:54:00:00:{end:02x}:{self.number:02x}"),
        ]

    def first_address(self):
        return f"10.0.{self.number}.1"

    def join(self, machine, device, end):
        """Gives the machine's card an address."""
        machine.check(
            f"ip addr add 10.0.{self.number}.{end}/24 dev {device} && ip link set {device} up"
        )
