"""Shares under something else: a bind mount, and a layer of an overlay."""

import refusals

SHARES = ("9p", "virtiofs")


def check(report, machine):
    for share in SHARES:
        check_bind_mount(report, machine, share)
        check_overlay(report, machine, share)
    check_local(report, machine)


def check_bind_mount(report, machine, share):
    inner, bound = f"/mnt/{share}/inner", f"/mnt/bound-{share}"
    machine.check(f"mkdir -p {inner} {bound} && mount --bind {inner} {bound}")
    machine.check(f"echo '{{\"n\": 0}}' > {bound}/r.json")
    refused = refusals.expect_all_refused(report, machine, bound, f"bind mount of {share}", share)
    report.figure(**{f"bind_{share}_refused": refused})


def check_overlay(report, machine, share):
    """What is written to an overlay goes to its upper directory. The kernel need not accept every one."""
    upper, merged = f"/mnt/{share}/overlay", f"/mnt/merged-{share}"
    options = f"lowerdir=/mnt/lower,upperdir={upper}/upper,workdir={upper}/work,userxattr"
    mounted = machine.shell(
        f"mkdir -p /mnt/lower {merged} {upper}/upper {upper}/work && mount -t overlay -o {options} over {merged}"
    )
    if mounted.status != 0:
        report.note(f"this kernel makes no overlay with its upper directory on {share}: {mounted}")
        report.figure(**{f"overlay_{share}_refused": "impossible"})
        return
    machine.check(f"echo '{{\"n\": 0}}' > {merged}/r.json")
    refused = refusals.expect_all_refused(report, machine, merged, f"overlay over {share}", "overlay")
    report.figure(**{f"overlay_{share}_refused": refused})


def check_local(report, machine):
    """The root is an overlay whose lower layer comes from elsewhere, but what is written stays in memory."""
    machine.check("mkdir -p /root/local")
    run = machine.jsonlock("set", "local.json", "k=v", directory="/root/local", allow=False)
    report.expect_status(run, 0, "an overlay with its upper directory in memory is local")
    run = machine.jsonlock("set", "local.json", "k=v", directory="/run", allow=False)
    report.expect_status(run, 0, "so is memory itself")
