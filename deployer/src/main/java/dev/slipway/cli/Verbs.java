package dev.slipway.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/**
 * The commands by name. Only the one that is called is made where that is plain, since picocli
 * reads every annotation of those that it knows before the first of them runs.
 */
final class Verbs {

  private static final Map<String, Supplier<Object>> ALL = all();

  private static final Set<String> LOOKING = Set.of("status", "history", "doctor");

  private static final Set<String> ABOUT_ALL = Set.of("help", "generate-completion");

  private Verbs() {}

  private static Map<String, Supplier<Object>> all() {
    Map<String, Supplier<Object>> all = new LinkedHashMap<>();
    all.put("plan", PlanCommand::new);
    all.put("deploy", DeployCommand::new);
    all.put("rollback", RollbackCommand::new);
    all.put("backups", BackupsCommand::new);
    all.put("restore", RestoreCommand::new);
    all.put("release", ReleaseCommand::new);
    all.put("migrations", MigrationsCommand::new);
    all.put("status", StatusCommand::new);
    all.put("history", HistoryCommand::new);
    all.put("logs", LogsCommand::new);
    all.put("doctor", DoctorCommand::new);
    all.put("bootstrap", BootstrapCommand::new);
    all.put("maintenance", MaintenanceCommand::new);
    all.put("unlock", UnlockCommand::new);
    all.put("help", HelpCommand::new);
    all.put("generate-completion", GenerateCompletion::new);
    return all;
  }

  /**
   * Whether the arguments can mean nothing but a look at the server: then connecting need not wait
   * until picocli has read them, which takes as long.
   */
  static boolean onlyLook(String... arguments) {
    return arguments.length > 0
        && LOOKING.contains(arguments[0])
        && Stream.of(arguments).skip(1).allMatch("--json"::equals);
  }

  /**
   * Adds the command that the arguments begin with; all, where that is one about all of them or
   * there is none.
   */
  static CommandLine addTo(CommandLine line, String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    Supplier<Object> called = ALL.get(first);
    if (called == null || ABOUT_ALL.contains(first)) {
      ALL.forEach((name, command) -> line.addSubcommand(name, command.get()));
    } else {
      line.addSubcommand(first, called.get());
    }
    return line;
  }
}
