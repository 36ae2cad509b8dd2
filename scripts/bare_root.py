"""Bare Debian root file systems, for what is to be proven where nothing is installed: made by
debootstrap from the mirror that this machine itself uses, entered by chroot in namespaces of
their own. Needs root."""

import os
import pathlib
import shutil
import subprocess
import sys
import time

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What a machine behind a proxy or a mirror needs to reach packages and crates.
PASSED_ON = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
             "SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL", "NODE_EXTRA_CA_CERTS", "CARGO_BUILD_JOBS",
             "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_")


def say(text):
    print(text, flush=True)


def fail(text):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {text}")


def mirror(suite):
    """Where this machine gets the packages of `suite` from."""
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE) $(CODENAME) $(COMPONENT)"],
        check=True, capture_output=True, text=True).stdout
    for line in targets.splitlines():
        site, codename, component = (line.split() + ["", "", ""])[:3]
        if codename == suite and component == "main":
            return site
    fail(f"this machine's apt knows no mirror of {suite}; run apt-get update")


def passed_on():
    return {name: value for name, value in os.environ.items() if name.startswith(PASSED_ON)}


def make(root, suite, include=()):
    """Makes a bare root, with apt pointed where this machine's points."""
    if os.geteuid() != 0:
        fail("run as root: chroot and mounts need it")
    if not shutil.which("debootstrap"):
        fail("install debootstrap")
    cache = root.parent / "packages"
    cache.mkdir(parents=True, exist_ok=True)
    command = ["debootstrap", "--variant=minbase", f"--keyring={KEYRING}", f"--cache-dir={cache}"]
    if include:
        command.append("--include=" + ",".join(include))
    subprocess.run([*command, suite, root, mirror(suite)], check=True, stdout=subprocess.DEVNULL)
    (root / "etc/apt/sources.list").unlink(missing_ok=True)
    for name in ["sources.list", "sources.list.d", "apt.conf.d", "trusted.gpg.d", "keyrings"]:
        there = pathlib.Path("/etc/apt") / name
        if there.is_dir():
            shutil.copytree(there, root / "etc/apt" / name, dirs_exist_ok=True)
        elif there.exists():
            shutil.copy(there, root / "etc/apt" / name)
    # Authorities that this machine trusts besides Debian's, such as its proxy's.
    ours = pathlib.Path("/usr/local/share/ca-certificates")
    if ours.is_dir():
        shutil.copytree(ours, root / "usr/local/share/ca-certificates", dirs_exist_ok=True)
        if "ca-certificates" in include:
            subprocess.run(["chroot", root, "update-ca-certificates"], check=True, capture_output=True,
                           env={"PATH": PATH})
    # As images of Debian have it: no service starts because it is installed.
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)


MOUNTS = """
mount --make-rprivate /
mount --bind "$root" "$root"
for bind in $binds; do
  mkdir -p "$root/${bind#*:}"
  mount --bind "${bind%%:*}" "$root/${bind#*:}"
done
[ -z "$sealed" ] || mount -o remount,ro,bind "$root"
[ -z "$sealed" ] || mount -t tmpfs tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
[ -n "$sealed" ] || cp /etc/resolv.conf "$root/etc/resolv.conf"
exec chroot --userspec="$user" "$root" /usr/bin/env -i "$@"
"""


def command_in(root, command, *, env=None, cwd="/", user="0:0", binds=(), sealed=False):
    """The command line that runs `command` in a root of its own; `sealed`: which it cannot
    write to but for /tmp."""
    names = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **passed_on(), **(env or {})}
    told = [f"{name}={value}" for name, value in names.items()]
    inner = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', cwd, *command]
    settings = [f"root={root}", f"user={user}", f"sealed={'yes' if sealed else ''}",
                "binds=" + " ".join(f"{here}:{there}" for here, there in binds)]
    return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "env", *settings,
            "bash", "-euc", MOUNTS, "enter", *told, *inner]


def run_in(root, command, **how):
    """Runs it to its end; how long it took."""
    started = time.monotonic()
    status = subprocess.run(command_in(root, command, **how)).returncode
    if status:
        fail(f"status {status} of: {' '.join(command)[:200]}")
    return time.monotonic() - started


def size(root):
    """Megabytes of a root."""
    told = subprocess.run(["du", "-smx", root], check=True, capture_output=True, text=True).stdout
    return int(told.split()[0])


def toolchain(version=None):
    """This machine's Rust, as it is seen in a root: mounts and environment."""
    rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True)
    told = rustc.stdout.split()[1]
    if version and not told.startswith(version):
        fail(f"this machine has Rust {told}, and Rust {version} is asked for")
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], check=True, capture_output=True,
                             text=True).stdout.strip()
    home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    (home / "registry").mkdir(parents=True, exist_ok=True)
    binds = [(sysroot, "usr/local/rust"), (home / "registry", "usr/local/cargo/registry")]
    env = {"PATH": f"/usr/local/rust/bin:{PATH}", "CARGO_HOME": "/usr/local/cargo"}
    return told, binds, env
