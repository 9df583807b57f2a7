"""The other end of org.blockrecurrent.benchmarks.peers.Peer: one command a line on stdin, one line of answer on stdout.

    load FILE THREADS   makes the work in the file ready        ok | unsupported REASON
    run REPS            runs it                                 ok MILLISECONDS...
    results FILE        writes its results, before any run      ok
    peak                largest memory of this process          ok BYTES
    quit

The first line that is written describes the peer: "ready DESCRIPTION". What fails is answered by "error MESSAGE".
"""

import json
import os
import sys
import time

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

INPUT = "input."


class Unsupported(Exception):
    """The peer cannot do this work; its message says why."""


class WorkFile:
    """Kind, sizes and numbers of a work; everything but inputs is a parameter."""

    def __init__(self, path, framework):
        self.parameters, self.inputs = {}, {}
        with safe_open(path, framework) as file:
            self.kind = file.metadata()["kind"]
            self.work = json.loads(file.metadata()["work"])
            for name in file.keys():
                if name.startswith(INPUT):
                    self.inputs[name[len(INPUT) :]] = file.get_tensor(name)
                else:
                    self.parameters[name] = file.get_tensor(name)


def serve(description, load):
    """Answers commands until the input ends. load(path, threads) returns an object with once() and results()."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer

    def answer(line):
        print(" ".join(line.split()), file=answers, flush=True)

    answer("ready " + description)
    work = None
    for line in sys.stdin:
        command, *arguments = line.rstrip("\n").split("\t")
        try:
            if command == "quit":
                return
            if command == "load":
                work = None
                work = load(arguments[0], int(arguments[1]))
                answer("ok")
            elif command == "run":
                answer("ok " + " ".join(f"{ms:.6f}" for ms in timed(work.once, int(arguments[0]))))
            elif command == "results":
                save(work.results(), arguments[0])
                answer("ok")
            elif command == "peak":
                answer(f"ok {peak_bytes()}")
            else:
                answer("error unknown command " + command)
        except Unsupported as reason:
            answer(f"unsupported {reason}")
        except Exception as failure:
            answer(f"error {type(failure).__name__}: {failure}")


def timed(once, repetitions):
    times = []
    for _ in range(repetitions):
        begin = time.perf_counter()
        once()
        times.append(1e3 * (time.perf_counter() - begin))
    return times


def save(results, path):
    save_file({name: numpy.ascontiguousarray(values, numpy.float32) for name, values in results.items()}, path)


def peak_bytes():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    raise Unsupported("this system does not tell a process's largest memory")
