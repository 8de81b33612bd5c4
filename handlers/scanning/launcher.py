"""Runs one tool under limits; started as a process of its own by ``child.py`` and never imported.

Reads its orders as JSON from the first argument, then: a process group and session of its own (made by the
parent), death with the parent, a network and process namespace of its own where the system allows it,
resource limits, and the tool. In a process namespace everything that the tool started ends with it, even
what detached itself. Reports on file descriptor ``report`` whether the network was cut.

Standard library only: it is started with ``python -I -S`` and must come up fast.
"""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys
from typing import Any

CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
SIOCSIFFLAGS = 0x8914
IFF_UP_RUNNING = 0x1 | 0x40


def main() -> None:
    """Carry out the orders; does not return."""
    orders: dict[str, Any] = json.loads(sys.argv[1])
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    isolated = orders["isolate"] and leave_the_network(libc)
    if isolated and orders["relay"] is not None:
        hand_over_listener(orders["relay"], orders["relay_port"])
    os.write(orders["report"], b"isolated" if isolated else b"shared")
    os.close(orders["report"])
    if isolated:
        wait_for(os.fork() or first_process(libc, orders))
    run(orders)


def leave_the_network(libc: ctypes.CDLL) -> bool:
    """Enter empty network and process namespaces; say whether it worked."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET | CLONE_NEWPID) == 0:
        return True
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID) != 0:
        return False
    try:
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"{user} {user} 1")
        write("/proc/self/gid_map", f"{group} {group} 1")
    except OSError:
        # In the namespace already, with no network: the tool runs as nobody and may fail to write.
        pass
    return True


def hand_over_listener(channel: int, port: int) -> None:
    """Listen inside the new network and give the socket to the parent, which relays to one address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", IFF_UP_RUNNING)
        fcntl.ioctl(control, SIOCSIFFLAGS, request)
    with (
        socket.socket(fileno=channel) as parent,
        socket.create_server(("127.0.0.1", port)) as listener,
    ):
        socket.send_fds(parent, [b"listener"], [listener.fileno()])


def first_process(libc: ctypes.CDLL, orders: dict[str, Any]) -> int:
    """Be the first process of the namespace: start the tool, reap, and end with it."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    tool = os.fork()
    if tool == 0:
        run(orders)
    while True:
        ended, status = os.wait()
        if ended == tool:
            leave_as(status)


def run(orders: dict[str, Any]) -> None:
    """Set the limits and become the tool."""
    for name, value in orders["limits"].items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _soft, hard = resource.getrlimit(kind)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # A second more for the hard limit of processor time: the signal then says what happened.
        last = ceiling + 1 if name == "CPU" and hard == resource.RLIM_INFINITY else ceiling
        resource.setrlimit(kind, (ceiling, last))
    os.umask(0o077)
    try:
        command = orders["command"]
        os.execve(command[0], command, orders["environment"])  # noqa: S606  # that is its whole purpose
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(127)


def wait_for(child: int) -> None:
    """End as the child ends."""
    _child, status = os.waitpid(child, 0)
    leave_as(status)


def leave_as(status: int) -> None:
    """Exit with the code that a shell would show for this wait status."""
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def write(path: str, text: str) -> None:
    """Write one of the kernel's control files."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


if __name__ == "__main__":
    main()
