"""Runs a program in an unpacked image as a container engine would, in place of this process.

    unshare --mount contained.py ROOT [--mount HOST:INSIDE[:ro]]... [--environment NAME=VALUE]... -- PROGRAM ARGUMENT...

The root is read-only, /tmp is a small file system in memory, /dev holds four devices; user and group are 10001, with no
capability and no way to get one. The network is that of the machine. Needs root.
"""

import argparse
import ctypes
import os
import subprocess

USER = 10001
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
DEVICES = ("null", "zero", "random", "urandom")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def prepare(root, mounts):
    """The file systems, in this mount namespace alone."""
    mount("--make-rprivate", "/")
    mount("--bind", root, root)
    mount("--rbind", "/proc", f"{root}/proc")
    mount("-t", "tmpfs", "-o", "noexec,nosuid,nodev,size=256m,mode=1777", "tmpfs", f"{root}/tmp")
    mount("-t", "tmpfs", "-o", "noexec,nosuid,size=64k,mode=755", "tmpfs", f"{root}/dev")
    for name in DEVICES:
        open(f"{root}/dev/{name}", "wb").close()
        mount("--bind", f"/dev/{name}", f"{root}/dev/{name}")
    for one in mounts:
        outside, inside, *options = one.split(":")
        mount("--bind", outside, root + inside)
        if options == ["ro"]:
            mount("-o", "remount,bind,ro", root + inside)
    mount("-o", "remount,bind,ro", root)


def confine(root):
    """Behind this there is no way back."""
    libc = ctypes.CDLL(None, use_errno=True)
    os.chroot(root)
    os.chdir("/var/lib/sluse")
    capability = 0
    while libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0:
        capability += 1
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--mount", action="append", default=[])
    parser.add_argument("--environment", action="append", default=[])
    parser.add_argument("program", nargs="+")
    arguments = parser.parse_args()
    prepare(arguments.root, arguments.mount)
    confine(arguments.root)
    environment = dict(one.split("=", 1) for one in arguments.environment)
    os.execve(arguments.program[0], arguments.program, environment)


if __name__ == "__main__":
    main()
