"""Takes alembic's revisions one step at a time, as lines of JSON on standard input ask, and answers each with one line.

env.py runs as it stands, and once for as many steps as go well: the function that alembic asks for the steps to take waits
for the next line before it names one. After a step that may leave something in its session it runs anew, and connects anew. Each step is a transaction of its own, committed when its answer is written. What
env.py and the revisions print goes to standard error.

    {"do": "up", "revision": "a1b2"}     {"do": "down", "revision": "a1b2"}
    {"do": "open"}                       {"do": "source", "revision": "a1b2"}
    {"do": "drift"}                      {"do": "upgrade", "revision": "a1b2"}
    {"do": "rest"}                       {"do": "read"}

The first is "read", before which nothing of the project is read: the database may not be there yet.

An "up" may carry "die": n, and is then killed right after its n-th statement; or "pause": n, and then says so right after
that statement and waits for another line; or "ask", a query that is put on its own connection before the first and after
each statement, so that it sees what that statement did and holds: the answer then has its "looks", with the times of the
statement and without the time for asking, nor that for which a busy machine had no processor for the step. Of its session
the query tells that as milliseconds so far, "idleBefore" and "idleAfter" itself. A statement that commits by itself has then let
its locks go; so it is run within a transaction of its own, wherever PostgreSQL lets it, and a look "commits" where all locks end
with it. Statements that PostgreSQL does not let, and of whose locks nothing else is known, are "blind". The answer to an "up"
also says whether env.py "commits" each revision when it is left alone.

What is sent on other connections of an Engine to the same database counts as committed "alone" with its transaction; a "die" or
"pause" then comes when env.py's own connection is used next. An answer has "unseen" where the project asked the driver itself.

An "up" or "down" may carry "see", a query that is put on its own connection when the step is committed and nothing else is
begun; the answer then has what was "seen". One that carries "ahead" is said before the last answer was heard, and is skipped
unless all was seen that the steps before it changed.

A "rest" ends the run of env.py and keeps no connection, so that the database may be exchanged. An empty line, or the end of
standard input, ends it.
"""

import gc

gc.disable()  # nothing is garbage yet; enabled when all is read

import ast
import atexit
import inspect
import json
import logging
import os
import re
import signal
import sys
import textwrap
import time
import traceback

from alembic.config import CommandLine
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
os.dup2(2, 1)
asks = os.fdopen(os.dup(0), encoding="utf-8")
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what a revision reads, or a program that it starts, has no end to wait for


def answer(**values):
    answers.write(json.dumps(values) + "\n")


def asked():
    line = asks.readline().strip()
    return json.loads(line) if line else None


ANEW = ("open", "upgrade", "rest")  # what is not done in a run of env.py that has taken steps


class Step(RevisionStep):
    def _unmerge_to_revisions(self, heads):
        """Where the only head goes down to its only parent, alembic goes through all ancestors to leave none of them out."""
        if len(self.to_revisions) == 1 and heads == {self.revision.revision}:
            return self.to_revisions
        return super()._unmerge_to_revisions(heads)


class Walker:
    def __init__(self, config, scripts, revisions):
        self.config = config
        self.scripts = scripts
        self.revisions = revisions
        self.wish = None
        self.failure = None
        self.at_work = False
        self.millis = None
        self.over = False
        self.statements = []
        self.alone = []
        self.looks = []
        self.blind = []
        self.unseen = self.due = self.lasting = False
        self.main = self.address = self.is_own = self.lonely = None
        self.within = self.refused = False
        self.uncommitted = {}
        self.totals, self.counted, self.files, self.pids = {}, {}, {}, set()
        self.dialects = set()
        self.all_seen = self.committed = False
        self.asks_to_commit = self.commits = False
        self.began = self.started = self.apart = 0.0
        self.own_idle, self.session_idle = None, {}
        self.runs = 0
        self.on_trial = runs_in_a_loop(os.path.join(scripts.dir, "env.py"))

    def serve(self):
        self.listen()
        gc.freeze()  # what is loaded by now stays, and need not be looked through again and again
        gc.enable()
        self.next()
        while self.wish is not None:
            self.failure, self.at_work, self.millis, self.over, self.runs = None, False, None, False, 0
            try:
                if self.wish["do"] in ("upgrade", "rest"):
                    getattr(self, self.wish["do"])()
                    continue
                environment = EnvironmentContext(self.config, self.scripts, fn=self.steps, destination_rev="heads")
                with self.one_transaction_a_step(environment):
                    self.scripts.run_env()
            except BaseException as failure:
                self.fail(failure, swallowed=False)
            else:
                if self.on_trial:
                    self.on_trial = False
                    if self.runs > 1:
                        self.fail(SeveralRuns(f"context.run_migrations() is called {self.runs} times"), swallowed=False)
                elif self.millis is not None:
                    self.finish()
                elif self.at_work:
                    self.fail(self.failure, swallowed=True)
                elif self.wish is not None and not self.over:
                    self.fail(RuntimeError("env.py ends without context.run_migrations()"), swallowed=False)
            finally:
                self.main = self.lonely = self.failure = None  # each refers to a connection of env.py's
                if self.lasting:
                    self.disconnect()
                if self.wish is not None:
                    gc.unfreeze()
                    gc.collect()  # an open connection refers to itself: the last run's would keep env.py's locks

    def one_transaction_a_step(self, environment):
        configure = environment.configure

        def configured(*words, **options):
            self.asks_to_commit = options.get("transaction_per_migration", False)
            configure(*words, **{**options, "transaction_per_migration": True})

        environment.configure = configured
        return environment

    def upgrade(self):
        """As `alembic upgrade` does it, before any single step; no connection is kept for later."""

        def revisions(heads, context):
            return self.scripts._upgrade_revs(self.wish["revision"], heads)

        with EnvironmentContext(self.config, self.scripts, fn=revisions, destination_rev=self.wish["revision"]):
            self.scripts.run_env()
        self.rest()

    def rest(self):
        self.disconnect()
        answer(done=True)
        self.next()

    def disconnect(self):
        """Whatever engine somebody keeps connects anew when it is asked next."""
        self.lasting = False
        gc.unfreeze()
        for engine in [known for known in gc.get_objects() if issubclass(type(known), Engine)]:
            engine.pool = engine.pool.recreate()

    def next(self):
        self.wish = asked()
        while self.wish is not None:
            if self.wish["do"] == "source":
                answer(downgrade=downgrade_of(self.revisions[self.wish["revision"]].module))
            elif self.wish.get("ahead") and not self.all_seen:
                answer(done=False, skipped=True)
            else:
                return
            self.wish = asked()

    def fail(self, failure, swallowed):
        self.at_work = self.all_seen = False
        answer(
            done=False,
            swallowed=swallowed,
            error="".join(traceback.format_exception_only(type(failure), failure)).strip() if failure else "",
            traceback=told(failure) if failure else "",
            state=sqlstate(failure),
            statements=self.statements,
            alone=sorted(self.alone),
            unseen=self.unseen,
        )
        self.next()

    def steps(self, heads, context):
        self.runs += 1
        if self.on_trial:
            return
        logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)  # a line a step, which nobody reads
        self.hear(context.connection, own(context.version_table))
        self.commits = commits_each_revision(context, self.asks_to_commit)
        gc.freeze()
        while self.wish is not None and self.wish["do"] == "open":
            answer(done=True)
            self.next()
        direction = None
        while self.wish is not None and self.wish["do"] not in ANEW:
            if self.wish["do"] == "drift":
                answer(**drift(self.config, self.scripts, context))
                self.next()
                continue
            if self.wish["do"] != direction:
                # alembic keeps for a whole run which enum types it made; a call the other way begins anew
                context.impl.memo.clear()
                direction = self.wish["do"]
            for known in (self.statements, self.alone, self.looks, self.blind, self.uncommitted):
                known.clear()
            for known in (self.totals, self.counted, self.files):
                known.clear()
            self.committed = self.unseen = self.due = False
            self.began, self.apart = time.perf_counter(), 0.0
            self.own_idle = without_processor() if "ask" in self.wish else 0.0
            self.session_idle = {}
            yield self.step()
            self.leave_out_own_idle()
            self.millis = self.clock()
            if getattr(context, "_in_external_transaction", False):
                return  # env.py began a transaction before alembic did, and commits when it ends
            self.lasting = self.lasting or self.unseen
            self.finish(self.see(context.connection))
            if self.lasting:
                break  # in production the next revision, or this one's downgrade, may come in another session
        self.over = True

    def finish(self, seen=None):
        answer(
            done=True,
            millis=self.millis,
            statements=self.statements,
            alone=sorted(self.alone),
            looks=self.looks,
            blind=self.blind,
            commits=self.commits,
            unseen=self.unseen,
            seen=seen,
        )
        self.at_work, self.millis = False, None
        self.all_seen = seen is not None and json.loads(seen)["seen"]["plain"]
        self.next()

    def see(self, connection):
        """What the step changed; nothing where this connection may see what another would not, or cannot be asked."""
        if "see" not in self.wish or connection is None or connection.in_transaction():
            return None
        try:
            session = connection.connection.dbapi_connection
            before, session.autocommit = session.autocommit, True  # begin and commit would be two more round trips
            try:
                return first_value(session, self.wish["see"])
            finally:
                session.autocommit = before
        except Exception:  # a driver without that, or a connection that is lost and the next step's to report
            return None

    def step(self):
        self.at_work = True
        script = self.revisions[self.wish["revision"]]
        step = Step(self.scripts.revision_map, script, self.wish["do"] == "up")
        migrate = step.migration_fn

        def migration(**arguments):
            try:
                migrate(**arguments)
            except BaseException as failure:
                self.failure = failure
                raise

        step.migration_fn = migration
        return step

    def hear(self, connection, is_own):
        """From now on this connection is the one that alembic works on."""
        self.main = self.address = None
        self.pids.clear()
        if connection is not None:
            self.main, self.address, self.is_own = session_of(connection), address(connection), is_own
            self.watch_for_cursors(type(connection.connection))

    def listen(self):
        """Keeps what is sent to the database, so that a reader need not guess it."""
        from sqlalchemy import event

        event.listen(Engine, "before_cursor_execute", self.keep)
        event.listen(Engine, "after_cursor_execute", self.sent)
        event.listen(Engine, "commit", self.ended)

    def watch_for_cursors(self, pooled):
        """Whoever takes a cursor of the driver's sends what no Engine hears of."""
        make = pooled.cursor
        if getattr(make, "watched", False):
            return

        def watch():
            caller = sys._getframe(2).f_globals
            if caller is not globals() and not str(caller.get("__name__")).startswith("sqlalchemy."):
                self.unseen = True

        def cursor(session, *words, **options):
            watch()
            return make(session, *words, **options)

        cursor.watched = True
        pooled.cursor = cursor
        driver = vars(pooled).get("driver_connection")
        if isinstance(driver, property):

            def driver_connection(session):
                watch()
                return driver.fget(session)

            pooled.driver_connection = property(driver_connection)

    def is_heard(self, connection):
        return self.at_work and self.main is not None and address(connection) == self.address

    def keep(self, connection, cursor, statement, parameters, context, many):
        if not self.is_heard(connection):
            return
        self.lonely, self.within, self.refused = None, False, False
        session = session_of(connection)
        if session is self.main and self.due:
            self.stop()
        if self.is_own(statement):
            return
        self.lasting = self.lasting or LASTS.search(statement) is not None
        if not self.statements:
            self.look(connection)
        elif self.is_looked_at() and id(session) not in self.counted:
            self.leave_out(lambda: self.ask(connection))
        self.leave_out_own_idle()
        self.started = self.clock()
        self.statements.append(as_sent(statement, connection.dialect, parameters, context).strip()[:4000])
        apart = False
        if session is self.main:
            said = transactions_of(statement)
            apart = self.committed and said[:1] != ["begin"] or "commit" in said
            self.committed = said[-1] == "commit" if said else self.committed
        if apart or commits_by_itself(connection, session):
            self.lonely = connection
            self.alone.append(len(self.statements))
            self.look_from_within(connection.dialect)
        elif session is not self.main:
            self.uncommitted[id(session)] = len(self.statements)

    def sent(self, connection, cursor, statement, parameters, context, many):
        if not self.is_heard(connection) or self.is_own(statement):
            return
        session = session_of(connection)
        if len(self.statements) in (self.wish.get("die"), self.wish.get("pause")):
            self.due = True
            if session is self.main or self.lonely is not None:
                self.stop()
        self.look(connection)
        if self.within:
            self.within = False
            execute(connection.connection, "commit")

    def ended(self, connection):
        """What another connection than alembic's has sent is committed apart from the revision."""
        if self.is_heard(connection):
            number = self.uncommitted.pop(id(session_of(connection)), None)
            if number is not None:
                self.alone.append(number)

    def stop(self):
        self.due = False
        if "die" in self.wish:
            os.kill(os.getpid(), signal.SIGKILL)
        answer(paused=True)
        asked()

    def look_from_within(self, dialect):
        """Takes part in the sending of statements that commit by themselves."""
        if not self.is_looked_at() or id(dialect) in self.dialects:
            return
        from sqlalchemy import event

        self.dialects.add(id(dialect))

        @event.listens_for(dialect, "do_execute")
        def do_execute(cursor, statement, parameters, context):
            return self.sends_within(statement, lambda: dialect.do_execute(cursor, statement, parameters, context))

        @event.listens_for(dialect, "do_execute_no_params")
        def do_execute_no_params(cursor, statement, context):
            return self.sends_within(statement, lambda: dialect.do_execute_no_params(cursor, statement, context))

        @event.listens_for(dialect, "do_executemany")
        def do_executemany(cursor, statement, parameters, context):
            return self.sends_within(statement, lambda: dialect.do_executemany(cursor, statement, parameters, context))

    def sends_within(self, statement, send):
        """Whether it has sent the statement in a transaction, which is still open; if not, it is to be sent as it is."""
        if self.lonely is None or not self.is_looked_at() or CONTROLS.match(statement) or transactions_of(statement):
            return False
        return self.leave_out(self.begins) and self.sends(send)

    def begins(self):
        transactions = {first_value(self.lonely.connection, TRANSACTION) for _ in range(2)}
        if len(transactions) == 1:  # somebody began one by hand, and it is still the same
            self.lonely = None
            return False
        execute(self.lonely.connection, "begin")
        self.ask(self.lonely)
        return True

    def sends(self, send):
        began = time.perf_counter()
        self.leave_out_own_idle()
        self.started = self.clock()
        try:
            send()
            self.within = True
        except Exception:
            self.refused = True
            execute(self.lonely.connection, "rollback")
            self.ask(self.lonely)
            self.apart += time.perf_counter() - began
            self.own_idle = without_processor()
            self.started = self.clock()
        return self.within

    def leave_out(self, work):
        """The time for it counts for nothing."""
        began = time.perf_counter()
        try:
            return work()
        finally:
            self.apart += time.perf_counter() - began
            self.own_idle = without_processor()

    def clock(self):
        """Milliseconds since the step began, without those that were spent on something else."""
        return round((time.perf_counter() - self.began - self.apart) * 1000, 1)

    def leave_out_own_idle(self):
        if not self.is_looked_at():
            return
        idle = without_processor()
        self.apart += (idle - self.own_idle) / 1000
        self.own_idle = idle

    def is_looked_at(self):
        return self.at_work and "ask" in self.wish

    def look(self, connection):
        if not self.is_looked_at():
            return
        self.leave_out_own_idle()
        ended, began = self.clock(), time.perf_counter()
        idle_before = self.session_idle.get(id(session_of(connection)))
        refused, self.refused = self.refused, False
        seen = self.ask(connection, refused)
        if self.statements and idle_before is not None:
            idle = min(seen["idleBefore"] - idle_before, ended - self.started)
            self.apart += idle / 1000
            ended = round(ended - idle, 1)
        start = self.started if self.statements else ended
        number = len(self.statements)
        if refused and not LOCKS_NOBODY_OUT.match(self.statements[-1]):
            self.blind.append(number)
        known = {name: seen[name] for name in ("asked", "answered", "lockTimeout", "tables")}
        commits = self.lonely is not None and not seen["others"]
        self.looks.append({"statement": number, "start": start, "end": ended, "commits": commits, **known})
        self.apart += time.perf_counter() - began
        self.own_idle = without_processor()

    def ask(self, connection, refused=False):
        """What is to be seen, with the locks of all sessions that were asked, and all that they counted since the step began."""
        session = session_of(connection)
        question = self.wish["ask"].replace("@sessions", ", ".join(str(pid) for pid in sorted(self.pids)) or "0")
        try:
            seen = json.loads(first_value(connection.connection, question))
        except Exception as failure:
            raise LookFailed(str(failure)) from failure
        self.pids.add(seen["pid"])
        self.session_idle[id(session)] = seen["idleAfter"]
        before, self.counted[id(session)] = self.counted.get(id(session)), {}
        for oid, table in seen["tables"].items():
            counts = {name: table[name] for name in COUNTS}
            rows, file = table.pop("rows"), self.files.get(oid, oid)
            self.counted[id(session)][oid] = counts
            if table["file"] != "0":
                self.files[oid] = table["file"]
            if before is not None:
                then, total = before.get(oid, {}), self.totals.setdefault(oid, dict.fromkeys(COUNTS, 0))
                more = {name: more_than(counts[name], then.get(name, 0)) for name in COUNTS}
                if refused and table["file"] != file:  # a table is written anew under this lock only
                    table["modes"], more["worked"] = ["AccessExclusiveLock"], max(rows, 0)
                for name in COUNTS:
                    total[name] += more[name]
        for oid in self.totals.keys() - seen["tables"].keys():
            seen["tables"][oid] = {"modes": [], "file": 0}
        for oid, table in seen["tables"].items():
            table.update(self.totals.get(oid, dict.fromkeys(COUNTS, 0)))
        return seen


TRANSACTION = "select min(virtualtransaction) from pg_locks where pid = pg_backend_pid()"
COUNTS = ("changed", "scans", "worked")


def more_than(now, before):
    """PostgreSQL may begin to count anew between two transactions."""
    return now - before if now >= before else now


def session_of(connection):
    pooled = connection.connection
    return getattr(pooled, "dbapi_connection", None) or pooled.connection


def address(connection):
    url = connection.engine.url
    return url.host, url.port, url.database, dict(url.query or {}).get("host")


def commits_by_itself(connection, session):
    asked = connection.get_execution_options().get("isolation_level")
    return asked == "AUTOCOMMIT" or getattr(session, "autocommit", None) is True


def as_sent(statement, dialect, parameters, context):
    """A driver whose parameters begin with % takes %% for one, unless it is told of no parameters."""
    untouched = not parameters and getattr(context, "no_parameters", False)
    return statement.replace("%%", "%") if dialect.paramstyle in ("format", "pyformat") and not untouched else statement


def execute(session, statement):
    cursor = session.cursor()
    cursor.execute(statement)
    cursor.close()


def commits_each_revision(context, asked):
    """Whether `alembic upgrade` would have a transaction for each revision, and not one for all."""
    return not getattr(context, "_in_external_transaction", False) and (asked or not context.impl.transactional_ddl)


def without_processor():
    """Milliseconds for which this process could have gone on so far, had the machine had a processor for it."""
    try:
        with open("/proc/self/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e6
    except (OSError, IndexError, ValueError):
        return 0.0


class SeveralRuns(Exception):
    """One call of alembic goes through the revisions several times, and what is asked here goes through them once."""


def runs_in_a_loop(file):
    """Whether env.py may run migrations more than once in a run of its own, which is tried without a step then."""
    try:
        with open(file, encoding="utf-8") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return False
    running = {"run_migrations"}
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for _ in functions:
        running.update(function.name for function in functions if names(function) & running)
    loops = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return any(isinstance(node, loops) and names(node) & running for node in ast.walk(tree))


def names(tree):
    nodes = list(ast.walk(tree))
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


class LookFailed(Exception):
    """What was asked beside a revision, and not the revision, is at fault."""


def first_value(session, query):
    cursor = session.cursor()
    cursor.execute(query)
    row = cursor.fetchone()
    cursor.close()
    return next(iter(row.values())) if isinstance(row, dict) else row[0]


ASKS_THE_CATALOG = re.compile(r"\s*select\b(?=.*\bpg_catalog\.)", re.I | re.S)
READS = re.compile(r"\b(?:from|join)\s+(?:lateral\s+|only\s+)?([\w.\"]+)(?!\s*\(|[\w.\"])", re.I)
TRANSACTS = re.compile(r"\s*(?:(commit|end)|begin|start\s+transaction)\b", re.I)
MAY_TRANSACT = re.compile(r"\b(?:commit|end|begin|start)\b", re.I)
HIDDEN = re.compile(
    r"\bbegin\s+atomic\b(?:[^;]|;(?!\s*end\b))*;?\s*end\b|--[^\n]*|/\*.*?\*/|\be'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
    r"|(?<![\w$])(\$(?:[^\W\d]\w*)?\$).*?\1",
    re.I | re.S,
)
CONTROLS = re.compile(r"\s*(begin|start|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|declare|fetch|close)\b", re.I)
LASTS = re.compile(
    r"(?:^|[;']|\bbegin\b|--[^\n]*\n|\*/)\s*(?:set\b(?!\s+(?:local|transaction|constraints)\b)|reset\b|discard\b|prepare\b|listen\b|load\b)"
    r"|\bset_config\b|\btemp(?:orary)?\b|\bpg_temp\b|\bwith\s+hold\b",
    re.I,
)
LOCKS_NOBODY_OUT = re.compile(
    r"\s*(vacuum|analyze|(create|drop)\s+(database|tablespace|subscription)|alter\s+(type|system|database|subscription)|discard)\b"
    r"|.*\bconcurrently\b",
    re.I | re.S,
)


def transactions_of(statement):
    """What the statements of a text say of transactions, in their order: that one begins, or is committed."""
    if not MAY_TRANSACT.search(statement):
        return []
    found = (TRANSACTS.match(part) for part in HIDDEN.sub(" ", statement).split(";"))
    return ["commit" if match[1] else "begin" for match in found if match]


def own(version_table):
    """Tells whether alembic or SQLAlchemy says something for itself."""
    target = re.compile(
        r"\s*(?:insert\s+into|update|delete\s+from|create\s+table|select\b(?:(?!\bfrom\b).)*\bfrom)\s+"
        rf"""(?:[\w"]+\.)?"?{re.escape(version_table)}\b""",
        re.I | re.S,
    )
    return lambda statement: target.match(statement) or asks_only_the_catalog(statement)


def asks_only_the_catalog(statement):
    read = READS.findall(statement)
    return ASKS_THE_CATALOG.match(statement) and read and all(name.lower().startswith("pg_") for name in read)


def told(failure):
    """The traceback from the project's own files on, since only those can be mended."""
    frames = traceback.extract_tb(failure.__traceback__)
    own = [i for i, frame in enumerate(frames) if not foreign(frame.filename)]
    shown = [frames[i] for i in own] or frames[-3:]
    return "".join(traceback.format_list(shown) + traceback.format_exception_only(type(failure), failure))


def sqlstate(failure):
    """By which PostgreSQL names an error, whatever the driver is."""
    origin = getattr(failure, "orig", failure)
    return getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or ""


def unreadable(failure):
    """Why the revisions cannot be read: alembic's own errors say it in one sentence, but for one."""
    if isinstance(failure, KeyError):
        return f"down_revision names {failure}, and no file has that revision"
    return str(failure) if type(failure).__module__.startswith("alembic.") else told(failure)


def foreign(file):
    return file.startswith("<") or re.search(r"[/\\](site|dist)-packages[/\\]|[/\\]lib[/\\]python\d", file)


def downgrade_of(module):
    function = getattr(module, "downgrade", None)
    if function is None:
        return "ABSENT"
    try:
        body = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0].body
    except (OSError, SyntaxError, TypeError, AttributeError):
        return "PRESENT"
    statements = [s for s in body if not isinstance(s, ast.Pass) and not is_constant(s)]
    if not statements:
        return "EMPTY"
    return "REFUSES" if isinstance(statements[0], ast.Raise) else "PRESENT"


def is_constant(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def drift(config, scripts, context):
    """What `alembic check` would say: where the models and the database differ."""
    if not any(metadata.tables for metadata in as_list(context.opts.get("target_metadata"))):
        return {"compared": False, "differences": []}
    from alembic.autogenerate.api import RevisionContext

    arguments = dict.fromkeys(["message", "sql", "splice", "branch_label", "version_path", "rev_id", "depends_on"])
    revisions = RevisionContext(config, scripts, {**arguments, "autogenerate": True, "head": "head"})
    revisions.run_autogenerate(tuple(scripts.get_heads()), context)
    found = [entry for operations in revisions.generated_revisions[-1].upgrade_ops_list for entry in operations.as_diffs()]
    flat = [one for entry in found for one in (entry if isinstance(entry, list) else [entry])]
    differences = {described(entry) for entry in flat if not is_version_table(entry, context)}
    return {"compared": True, "differences": sorted(differences)}


def is_version_table(entry, context):
    """Alembic takes its own table for one of the project's where the schema has a name in one place and none in the other."""
    return entry[0] == "remove_table" and entry[1].name == context.version_table


def described(entry):
    """A difference in words that are the same in each run."""
    kind, *values = entry
    if kind.startswith("modify_"):
        schema, table, column, _, old, new = values
        return f"{kind} {qualified(schema, table)}.{column} from {worded(old)} to {worded(new)}"
    if kind.endswith("_column"):
        return f"{kind} {qualified(*values[:2])}.{values[2].name}"
    subject = values[0]
    if kind.endswith("_table"):
        return f"{kind} {subject.fullname}"
    columns = ", ".join(column.name for column in getattr(subject, "columns", []))
    name = getattr(subject, "name", None) or f"({columns})"
    table = getattr(subject, "table", None)
    return f"{kind} {name}" + (f" on {table.fullname}" if table is not None else "")


def qualified(schema, table):
    return f"{schema}.{table}" if schema else table


def worded(value):
    return " ".join(str(getattr(value, "arg", value)).split()) if value is not None else "none"


def as_list(value):
    return list(value) if isinstance(value, (list, tuple)) else [value] if value is not None else []


def title(script):
    slug = os.path.splitext(os.path.basename(script.path))[0].replace(script.revision, "")
    words = re.sub(r"[\W_]+", " ", slug).strip()
    return words or (script.doc or "").strip().split("\n")[0]


def waivers(path):
    """The comments that are meant for Slipway, by their line."""
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return []
    if "slipway:" not in text:
        return []
    found = (re.search(r"#\s*slipway:(.*)", line) for line in text.split("\n"))
    return [{"line": number, "text": match[1].strip()} for number, match in enumerate(found, 1) if match]


class Serving(ScriptDirectory):
    @classmethod
    def from_config(cls, config):
        try:
            scripts = read(config)
            found = list(scripts.walk_revisions())
            revisions = [
                {
                    "id": script.revision,
                    "parents": as_list(script.down_revision),
                    "dependencies": as_list(script._resolved_dependencies),
                    "branches": len(script.nextrev),
                    "title": title(script),
                    "path": os.path.relpath(script.path),
                    "comments": waivers(script.path),
                }
                for script in found
            ]
            answer(heads=sorted(scripts.get_heads()), revisions=revisions[::-1])
        except Exception as failure:
            sys.stderr.write(unreadable(failure))
            sys.exit(1)
        Walker(config, scripts, {script.revision: script for script in found}).serve()
        atexit._run_exitfuncs()  # as at any end; only what is loaded is not taken apart, which takes a quarter of a second
        sys.stdout.flush()
        os._exit(0)


read = ScriptDirectory.from_config
ScriptDirectory.from_config = Serving.from_config
if asked():
    CommandLine().main(argv=[*sys.argv[1:], "heads"])
