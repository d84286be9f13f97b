"""Prints alembic's revisions, from base to head, as one line of JSON; alembic itself reads its options and files."""

import ast
import inspect
import json
import os
import re
import sys
import textwrap

from alembic.config import CommandLine
from alembic.script import ScriptDirectory


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


def as_tuple(value):
    return [] if not value else [value] if isinstance(value, str) else list(value)


def title(script):
    slug = os.path.splitext(os.path.basename(script.path))[0].replace(script.revision, "")
    words = re.sub(r"[\W_]+", " ", slug).strip()
    return words or (script.doc or "").strip().split("\n")[0]


class Printing(ScriptDirectory):
    @classmethod
    def from_config(cls, config):
        scripts = read(config)
        revisions = [
            {
                "id": script.revision,
                "parents": as_tuple(script.down_revision),
                "branches": len(script.nextrev),
                "title": title(script),
                "file": os.path.basename(script.path),
                "downgrade": downgrade_of(script.module),
            }
            for script in scripts.walk_revisions()
        ]
        print(json.dumps({"heads": sorted(scripts.get_heads()), "revisions": revisions[::-1]}))
        sys.exit(0)


read = ScriptDirectory.from_config
ScriptDirectory.from_config = Printing.from_config
CommandLine().main(argv=[*sys.argv[1:], "heads"])
