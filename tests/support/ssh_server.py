"""An sshd of one key for one user on the loopback, without anything of it being installed. Shared by the
Python tests."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
# sshd wants the user sshd and /run/sshd: both are there for it alone.
ALONE = """cd "$1"; shift
{ cat /etc/passwd; echo sshd:x:74:65534::/run/sshd:/usr/sbin/nologin; } >passwd
mount --make-rprivate / && mount --bind passwd /etc/passwd && mount -t tmpfs none /run && mkdir -m 755 /run/sshd
exec "$@"
"""


def options_of(**options):
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def missing():
    """Why there can be none; empty when there can."""
    if program() is None:
        return "sshd is not there; scripts/test unpacks it"
    if os.geteuid() != 0 or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:
        return "sshd wants root and a mount namespace of its own"
    return ""


def program():
    return next((each for each in (ROOT / "build/tools/sshd/usr/sbin/sshd", pathlib.Path("/usr/sbin/sshd"))
                 if each.exists()), None)


def make_keys(folder):
    for key in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)


def server(folder, port):
    """Its command; it has the keys in the folder, and writes its pid there. Its sessions' home is the folder:
    what the user's own shell does first is none of a test's business."""
    return ["unshare", "-m", "bash", "-c", ALONE, "bash", str(folder), str(program()),
            "-D", "-e", "-f", "/dev/null", "-p", str(port),
            *options_of(ListenAddress="127.0.0.1", HostKey=folder / "host", PidFile=folder / "pid",
                        AuthorizedKeysFile=folder / "user.pub", StrictModes="no", UsePAM="no", MaxStartups="100",
                        SetEnv=f"HOME={folder}")]


def client(folder, port, command):
    """One that runs the command there."""
    return ["ssh", "-F", "none", "-p", str(port), "-i", str(folder / "user"),
            *options_of(IdentitiesOnly="yes", StrictHostKeyChecking="no", BatchMode="yes",
                        UserKnownHostsFile="/dev/null", LogLevel="ERROR"),
            "root@127.0.0.1", command]
