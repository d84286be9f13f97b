package dev.slipway.migrations.alembic;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.Conversation;
import dev.slipway.effect.postgres.Database;
import dev.slipway.effect.postgres.DatabaseSession;
import dev.slipway.migrations.alembic.Revision.WayBack;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The backend's own alembic, at work on one database: it runs env.py once and then takes each step
 * when it is told to.
 */
public final class Walker implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration UPGRADE = Duration.ofMinutes(10);
  private static final String SCRIPT = script();
  private static final Pattern NO_CONNECTION =
      Pattern.compile(
          "(?i)could not (connect|translate)|connection (refused|failed|is bad|to server)|failed to resolve|name or service not known|connect call failed|ConnectionRefusedError|\\[Errno 111]");

  /** Not where Python itself looks in vain for alembic. */
  private static final Pattern IN_A_FILE =
      Pattern.compile("(?sm)\\A(?!.*No module named '?alembic'?\\s*$).*\\bFile \"(?!<)");

  private final Database database;
  private final Conversation alembic;
  private final Duration deadline;
  private final History history;
  private final Deque<Step> said = new ArrayDeque<>();
  private boolean loaded;
  private boolean hung;

  private Walker(Database database, Conversation alembic, Duration deadline) {
    this.database = database;
    this.alembic = alembic;
    this.deadline = deadline;
    this.history =
        Json.read(
            alembic.hear(START).orElseThrow(() -> unreadable(alembic.lastWords())), History.class);
  }

  /**
   * Starts alembic and lets it read its revisions.
   *
   * @param deadline how long one step may take; the first one loads what env.py imports, and may
   *     take longer
   */
  public static Walker start(Alembic alembic, Database database, Duration deadline) {
    return start(alembic, database, deadline, () -> {});
  }

  /**
   * Starts alembic, and lets it read its revisions when the database is there.
   *
   * @param creation makes the database while Python starts
   */
  static Walker start(Alembic alembic, Database database, Duration deadline, Runnable creation) {
    Conversation conversation =
        alembic.bed().converse(database, History.python(alembic.command(), SCRIPT));
    try {
      creation.run();
      conversation.say(Json.line(Map.of("do", "read")));
      return new Walker(database, conversation, deadline);
    } catch (RuntimeException e) {
      conversation.close();
      throw e;
    }
  }

  private static SlipwayException unreadable(String lastWords) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "alembic cannot read its revisions:\n" + new CommandResult(1, lastWords, "").tail(15),
        "Run `alembic history` in the backend's image to see the same; "
            + (IN_A_FILE.matcher(lastWords).find()
                ? "alembic itself is found, and the file that the traceback names is what to mend."
                : "if alembic is not found, say in slipway.yml how it is called (`migrations.command`) and where"
                    + " (`migrations.directory`)."));
  }

  /** The revisions, as alembic reads them. */
  public History history() {
    return history;
  }

  /** The database that it works on. */
  public Database database() {
    return database;
  }

  /**
   * Applies every revision up to one, as {@code alembic upgrade} does; only before the first step.
   *
   * @return whether alembic says that it did
   */
  public boolean upgrade(String revision) {
    tell(Map.of("do", "upgrade", "revision", revision));
    return alembic
        .hear(UPGRADE)
        .map(line -> Json.read(line, StepResult.class).done())
        .orElse(false);
  }

  /** Runs env.py up to where it asks for revisions; if it fails, so will the next step. */
  public StepResult open() {
    tell(Map.of("do", "open"));
    return heard();
  }

  /**
   * Runs env.py up to where it asks for revisions.
   *
   * @throws SlipwayException when it does not come there, or is connected elsewhere then
   */
  void requireOpen() {
    StepResult opened = open();
    if (opened.done()) {
      requireConnection();
      return;
    }
    if (opened.error().startsWith("SeveralRuns")) {
      throw SlipwayException.refused(
          "env.py migrates several schemas or databases in one call of alembic ("
              + opened.error().replaceFirst("^\\w+: ", "")
              + "), and Slipway walks one.",
          "Let env.py take one by an option, such as `-x tenant=…` (`context.get_x_argument`), and"
              + " name it in slipway.yml: `migrations: {command: [alembic, -x, tenant=…]}`.");
    }
    boolean connection = NO_CONNECTION.matcher(opened.error()).find();
    throw SlipwayException.refused(
        (opened.hung() ? "env.py hangs: " : "env.py fails before it runs any revision:\n")
            + opened.traceback().strip(),
        connection
            ? "The database that it is given is up; look where env.py and the settings that it reads take another address from."
            : "Mend env.py; `alembic current` in the backend's image shows the same.");
  }

  /** A database's name that the settings have as a default is no variable's of the compose file. */
  private void requireConnection() {
    Set<String> visited;
    try (DatabaseSession session = database.open()) {
      visited = session.visited();
    }
    if (visited.isEmpty() || visited.contains(database.name())) {
      return;
    }
    throw SlipwayException.refused(
        "env.py migrates '%s', not the database that the backend's variables name here ('%s')."
            .formatted(String.join("', '", new TreeSet<>(visited)), database.name()),
        "Give the backend the variable that its settings take the database's name from under `environment` in the compose"
            + " file, such as `POSTGRES_DB`, or `DATABASE_URL` with the whole address: a default in the settings does not reach Slipway.");
  }

  /**
   * Ends its run of env.py, and with it every connection; the next step begins another run.
   *
   * @return whether it did, so that the database may be exchanged for another of the same name
   */
  public boolean rest() {
    if (hung) {
      return false;
    }
    tell(Map.of("do", "rest"));
    return hear().map(line -> Json.read(line, StepResult.class).done()).orElse(false);
  }

  /** Applies one revision. */
  public StepResult up(Revision revision) {
    tell(wish(Step.up(revision), Optional.empty(), false));
    return heard();
  }

  /**
   * Takes a step, and lets alembic go on with what comes next while the answer is read.
   *
   * @param next the steps that will be taken after it, as far as alembic may go
   * @param question what alembic's connection is asked when a step is committed
   */
  public SeenStep take(Step step, List<Step> next, Function<Step, Optional<String>> question) {
    if (!step.equals(said.peek())) {
      settle();
      say(step, question, false);
    }
    if (said.size() <= next.size() / 2) { // many at a time, which wakes alembic less often
      next.stream().skip(said.size() - 1L).forEach(later -> say(later, question, true));
    }
    SeenStep taken = hearNext();
    if (taken == null) {
      settle();
      say(step, question, false);
      taken = Objects.requireNonNull(hearNext());
    }
    return taken;
  }

  /** Whether alembic may be at work on a step that was not asked for yet. */
  public boolean isAhead() {
    return !said.isEmpty();
  }

  private void say(Step step, Function<Step, Optional<String>> question, boolean ahead) {
    said.add(step);
    alembic.say(Json.line(wish(step, question.apply(step), ahead)));
  }

  private static Map<String, Object> wish(Step step, Optional<String> question, boolean ahead) {
    Map<String, Object> wish = new TreeMap<>();
    wish.put("do", step.direction().word());
    wish.put("revision", step.revision().id());
    question.ifPresent(see -> wish.put("see", see));
    if (ahead) {
      wish.put("ahead", true);
    }
    return wish;
  }

  /** What became of the step that was said first; nothing when it was skipped. */
  private @Nullable SeenStep hearNext() {
    said.remove();
    Optional<String> line = hear();
    SeenStep.Answer answer =
        line.map(known -> Json.read(known, SeenStep.Answer.class))
            .orElse(new SeenStep.Answer(Optional.empty(), false));
    return answer.skipped() ? null : new SeenStep(result(line), answer.seen());
  }

  /**
   * Hears what became of the steps that alembic took, or skipped, without being asked for.
   *
   * @return what was seen after those that it took
   */
  public List<SeenStep> settle() {
    List<SeenStep> taken = new ArrayList<>();
    while (!said.isEmpty() && !hung && !alembic.ended()) {
      Optional.ofNullable(hearNext()).ifPresent(taken::add);
    }
    said.clear();
    return taken;
  }

  private void tell(Map<String, ?> wish) {
    settle();
    alembic.say(Json.line(wish));
  }

  /** Applies one revision, and looks after each statement at what it has locked and done. */
  public ObservedStep observe(Revision revision) {
    Map<String, String> wish =
        Map.of("do", "up", "revision", revision.id(), "ask", StatementLook.QUESTION);
    tell(wish);
    Optional<String> answer = hear();
    StepResult result = result(answer);
    if (result.error().startsWith("LookFailed")) {
      throw new SlipwayException(
          ExitCode.INTERNAL_ERROR,
          "Locks cannot be looked at on this PostgreSQL: " + result.error() + ".",
          "Report this line: the revision is not at fault.");
    }
    ObservedStep.Looks seen =
        answer
            .map(line -> Json.read(line, ObservedStep.Looks.class))
            .orElse(ObservedStep.Looks.NONE);
    return new ObservedStep(result, seen.looks(), seen.blind(), seen.commits());
  }

  /**
   * Is killed while it applies one revision, as by {@code kill -9}.
   *
   * @param statement after which of its statements, from 1
   * @return whether it died so; a revision may send fewer
   */
  public boolean dieDuring(Revision revision, int statement) {
    tell(Map.of("do", "up", "revision", revision.id(), "die", statement));
    return hear().isEmpty() && alembic.ended();
  }

  /**
   * Applies one revision up to a point, and waits there until it is told to {@link #goOn}.
   *
   * @param statement after which of its statements, from 1
   * @return whether it came there; if not, it has ended otherwise
   */
  public boolean pauseDuring(Revision revision, int statement) {
    tell(Map.of("do", "up", "revision", revision.id(), "pause", statement));
    return hear().map(line -> Json.tree(line).has("paused")).orElse(false);
  }

  /** Goes on with the revision that pauses. */
  public StepResult goOn() {
    tell(Map.of("do", "go on"));
    return heard();
  }

  /**
   * Compares the models with the database; nothing else may be asked of this walker after that.
   *
   * @see <a href="https://alembic.sqlalchemy.org/en/latest/autogenerate.html">alembic check</a>
   */
  public Drift drift() {
    tell(Map.of("do", "drift"));
    return hear()
        .map(line -> Json.read(line, Drift.class))
        .orElseThrow(() -> unreadable(alembic.lastWords()));
  }

  /** What its file has for a way back. */
  public WayBack wayBack(Revision revision) {
    tell(Map.of("do", "source", "revision", revision.id()));
    return hear()
        .map(line -> WayBack.valueOf(Json.tree(line).path("downgrade").asText()))
        .orElse(WayBack.PRESENT);
  }

  private StepResult heard() {
    return result(hear());
  }

  private StepResult result(Optional<String> answer) {
    if (answer.isPresent()) {
      return Json.read(answer.get(), StepResult.class);
    }
    return alembic.ended()
        ? StepResult.failed("alembic ended: " + alembic.lastWords())
        : StepResult.hung(endHanging());
  }

  private Optional<String> hear() {
    Optional<String> answer = alembic.hear(patience());
    if (Thread.currentThread().isInterrupted()) {
      throw SlipwayException.refused("Interrupted while alembic is at work.", "Run it again.");
    }
    loaded |= answer.isPresent();
    return answer;
  }

  /** The first answer waits until env.py has loaded the application. */
  private Duration patience() {
    return loaded ? deadline : START.plus(deadline);
  }

  /** Says what a step waits for, and ends its session. */
  private String endHanging() {
    hung = true;
    try (DatabaseSession session = database.open()) {
      List<String> waiting = session.waiting();
      session.disconnectOthers();
      return "it does not end within "
          + patience().toSeconds()
          + " s; "
          + (waiting.isEmpty()
              ? "the database is idle, so look for a loop or a wait in its Python code."
              : "at work in the database " + String.join("; ", waiting) + ".");
    }
  }

  private static String script() {
    try (InputStream stream =
        Objects.requireNonNull(Walker.class.getResourceAsStream("walker.py"))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it with an empty line: not every engine passes on the end of standard input. */
  @Override
  public void close() {
    alembic.say("");
    alembic.close();
  }
}
