package dev.slipway.migrations.alembic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The revisions as alembic itself reads them.
 *
 * @param heads the revisions that nothing stands on
 * @param revisions all of them, each after those it stands on
 */
public record History(List<String> heads, List<Revision> revisions) {

  /** Python looks there first when it is given a script, and alembic's own program does not. */
  private static final String WITHOUT_WORKING_DIRECTORY =
      "import sys; sys.path[0] or sys.path.pop(0)\n";

  /** Copies. */
  public History {
    heads = List.copyOf(heads);
    revisions = List.copyOf(revisions);
  }

  /** The revision with this id. */
  public Revision revision(String id) {
    return revisions.stream()
        .filter(revision -> revision.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no revision " + id));
  }

  /** The heads that there would be if these revisions, on which no other stands, were not there. */
  public List<String> headsWithout(List<Revision> left) {
    List<Revision> others = revisions.stream().filter(found -> !left.contains(found)).toList();
    Set<String> parents = new HashSet<>();
    for (Revision revision : others) {
      parents.addAll(revision.parents());
      parents.addAll(revision.dependencies());
    }
    return others.stream().map(Revision::id).filter(id -> !parents.contains(id)).toList();
  }

  /** What to call {@code alembic downgrade} with, to undo this revision alone. */
  public String below(Revision revision) {
    if (revision.parents().size() > 1) {
      return revision.parents().get(0);
    }
    return branched() ? revision.id() + "@-1" : "-1";
  }

  /** Whether a branch of it may be applied while another is not. */
  private boolean branched() {
    return revisions.stream().anyMatch(revision -> revision.branches() > 1);
  }

  /** The Python call that shares the interpreter and the options of an alembic call. */
  static List<String> python(List<String> alembicCommand, String script) {
    int alembic = 0;
    while (alembic < alembicCommand.size()
        && !name(alembicCommand.get(alembic)).equals("alembic")) {
      alembic++;
    }
    if (alembic == alembicCommand.size()) {
      return List.of("python3", "-c", script);
    }
    List<String> python = new ArrayList<>(alembicCommand.subList(0, alembic));
    if (!python.isEmpty() && python.get(python.size() - 1).equals("-m")) {
      python.remove(python.size() - 1);
      python.addAll(List.of("-c", script));
    } else {
      python.add(alembicCommand.get(alembic).replaceFirst("alembic$", "python3"));
      python.addAll(List.of("-c", WITHOUT_WORKING_DIRECTORY + script));
    }
    python.addAll(alembicCommand.subList(alembic + 1, alembicCommand.size()));
    return python;
  }

  private static String name(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }
}
