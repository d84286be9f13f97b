"""Runs calls of alembic, and of Python with -c, in forks of one process that has imported the libraries already.

    python3 preloaded.py serve SOCKET            prints "ready", and serves until it is killed
    python3 -I -S preloaded.py call SOCKET WORD…    runs the words there: as a process of its own, with our files and variables
"""

import json
import os
import signal
import socket
import sys


def serve(address):
    import alembic.config
    import alembic.command
    import psycopg
    import pydantic_settings
    import sqlalchemy.ext.asyncio
    import sqlalchemy.orm
    import sqlalchemy.dialects.postgresql.asyncpg
    import sqlalchemy.dialects.postgresql.psycopg

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(16)
        print("ready", flush=True)
        while True:
            caller, _ = server.accept()
            if os.fork() == 0:
                server.close()
                answer(caller)
            caller.close()


def answer(caller):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, files, _, _ = socket.recv_fds(caller, 1, 3)
    with caller.makefile("rw") as lines:
        wish = json.loads(lines.readline())
        worker = os.fork()
        if worker == 0:
            for number, file in enumerate(files):
                os.dup2(file, number)
                os.close(file)
            caller.close()
            work(wish)
        for file in (*files, 0, 1, 2):
            os.close(file)
        _, status = os.waitpid(worker, 0)
        code = os.waitstatus_to_exitcode(status)
        lines.write(f"{code if code >= 0 else 128 - code}\n")
        lines.flush()
    os._exit(0)


def work(wish):
    program, *words = wish["words"]
    os.environ.clear()
    os.environ.update(wish["variables"])
    os.chdir(wish["directory"])
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    try:
        if program == "alembic":
            import alembic.config

            alembic.config.main(argv=words, prog="alembic")
        else:
            sys.argv, sys.path[0] = words[:1] + words[2:], ""
            exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else 1 if end.code else 0)
    except BaseException:
        import traceback

        traceback.print_exc()
        leave(1)
    leave(0)


def leave(code):
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def call(address, words):
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        socket.send_fds(server, [b"x"], [0, 1, 2])
        with server.makefile("rw") as lines:
            lines.write(json.dumps({"words": words, "directory": os.getcwd(), "variables": dict(os.environ)}) + "\n")
            lines.flush()
            sys.exit(int(lines.readline() or 1))


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    call(sys.argv[2], sys.argv[3:])
