package dev.slipway.deploy;

import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.ShellCommand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The pretended server's database, as far as backups and the lock of migrations ask for it. */
final class PretendDatabase {

  static final String NAME = "platform";

  private static final String CONTAINER = "id-of-postgres";
  private static final CommandResult DONE = new CommandResult(0, "", "");

  private final DatabaseCommands commands;
  final Map<String, String> backups = new TreeMap<>();

  /** What each database was filled with, by its name. */
  final Map<String, String> databases = new TreeMap<>(Map.of(NAME, "what users wrote"));

  String rows = "fact rows public.customers 3\n";
  String restored = rows;

  /** What a killed run has left: the migration's container by its name, a proof, a part. */
  final Set<String> left = new TreeSet<>();

  String holder = "";
  int tables;
  String room = "/dev/sda1 9 9 90000000 1% /\n/dev/sda1 9 9 90000000 1% /\n";

  PretendDatabase(String checkout) {
    this.commands = new DatabaseCommands(checkout);
  }

  /** The command that a watch was put around; any other as it is. */
  ShellCommand unwrapped(ShellCommand command) {
    ShellCommand empty = ShellCommand.of("true");
    ShellCommand watched = commands.watched(empty, "any", "any", 1);
    int own = watched.arguments().size() - 1;
    return same(command, watched)
        ? new ShellCommand(
            command.arguments().subList(own, command.arguments().size()),
            command.environment(),
            command.directory(),
            command.input())
        : command;
  }

  /** The answer to a command about the database; empty when it is about something else. */
  Optional<CommandResult> answer(ShellCommand command) {
    List<String> words = command.arguments();
    if (same(command, commands.room())) {
      return said(room);
    } else if (same(command, commands.dump("any", "any"))) {
      backups.put(name(words.get(4)), "");
      return Optional.of(new CommandResult(0, "", rows + DatabaseCommands.COMPLETE + "\n"));
    } else if (same(command, commands.note("any", ""))) {
      backups.put(name(words.get(4)), command.input().map(Secret::reveal).orElse(""));
      return Optional.of(DONE);
    } else if (same(command, commands.list(true))) {
      return said(
          String.join(
              "",
              backups.entrySet().stream()
                  .map(each -> each.getKey() + "\t9\tgood\t1\t" + mark(each.getValue()) + "\n")
                  .toList()));
    } else if (same(command, commands.facts("any")) && words.get(4).endsWith(".facts")) {
      return said(backups.getOrDefault(name(words.get(4)), ""));
    } else if (same(command, commands.restoreInto("any", "/any", "any"))
        && !words.contains("--create")) {
      databases.put(
          words.get(words.size() - 1).replaceFirst(".*dbname='(.*)'$", "$1"), name(words.get(4)));
      return Optional.of(DONE);
    } else if (words.equals(
        commands.startProof("sha256:postgres:15", "platform", "").arguments())) {
      left.add("proof");
      return said("proof\n");
    } else if (same(command, commands.prepare())
        || same(command, commands.checksum("any"))
        || same(command, commands.awaitProof("any"))
        || same(command, commands.restoreAsNamed("any", "/any"))
        || words.get(0).equals("mv")) {
      return Optional.of(DONE);
    } else if (same(command, commands.removeProofs())) {
      left.remove("proof");
      return Optional.of(DONE);
    } else if (same(command, commands.removeParts())) {
      left.remove("part");
      return Optional.of(DONE);
    } else if (same(command, commands.abort("any", ""))) {
      left.remove(words.get(4));
      return Optional.of(DONE);
    } else if (words.get(0).equals("rm") && words.contains("--")) {
      backups.remove(name(words.get(3)));
      return Optional.of(DONE);
    }
    return asked(command).or(() -> named(command));
  }

  private static String mark(String facts) {
    return facts.contains(DatabaseCommands.BEFORE_RESTORE) ? "1" : "0";
  }

  /** The answer to a command about databases by their names. */
  private Optional<CommandResult> named(ShellCommand command) {
    if (sameQuestion(command, commands.names(CONTAINER))) {
      return said(String.join("\n", databases.keySet()) + "\n");
    } else if (sameQuestion(command, commands.has(CONTAINER, ""))) {
      return said(databases.containsKey(variable(command, "database")) ? "yes\n" : "");
    } else if (sameQuestion(command, commands.createBeside(CONTAINER, "", ""))) {
      databases.put(variable(command, "to"), "nothing");
      return Optional.of(DONE);
    } else if (sameQuestion(command, commands.exchange(CONTAINER, "", "", "", ""))) {
      String database = variable(command, "database");
      return renamed(database, variable(command, "going"))
          .or(() -> renamed(variable(command, "coming"), database))
          .or(() -> Optional.of(DONE));
    } else if (sameQuestion(command, commands.rename(CONTAINER, "", ""))) {
      databases.remove(variable(command, "to"));
      return renamed(variable(command, "from"), variable(command, "to"))
          .or(() -> Optional.of(DONE));
    }
    return Optional.empty();
  }

  /** Why not, if it could not be done. */
  private Optional<CommandResult> renamed(String from, String to) {
    if (databases.containsKey(to)) {
      return Optional.of(PretendServer.failed("database \"" + to + "\" already exists"));
    }
    String content = databases.remove(from);
    if (content == null) {
      return Optional.of(PretendServer.failed("database \"" + from + "\" does not exist"));
    }
    databases.put(to, content);
    return Optional.empty();
  }

  private static String variable(ShellCommand command, String name) {
    return command.arguments().stream()
        .filter(word -> word.startsWith(name + "="))
        .map(word -> word.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private Optional<CommandResult> asked(ShellCommand command) {
    if (command.arguments().equals(commands.hold(CONTAINER, held(), 21_600).arguments())) {
      holder = held() + "\tpid 7";
      return Optional.of(DONE);
    } else if (sameQuestion(command, commands.holder(CONTAINER))) {
      return said(holder);
    } else if (sameQuestion(command, commands.release(CONTAINER, ""))) {
      if (command.arguments().contains("name=" + holder.replaceFirst("\t.*", ""))) {
        holder = "";
      }
      return Optional.of(DONE);
    } else if (sameQuestion(command, commands.describe(CONTAINER))) {
      return said("platform\nplatform\n8000000\n" + tables + "\n\n");
    } else if (command.arguments().contains(CONTAINER)
        && sameQuestion(command, commands.drop(CONTAINER, ""))) {
      databases.remove(variable(command, "database"));
      return Optional.of(DONE);
    } else if (sameQuestion(command, commands.roles(CONTAINER))
        || sameQuestion(command, commands.prepareProof("any", "any", ""))) {
      return Optional.of(DONE);
    } else if (sameQuestion(command, commands.factsOf("proof", ""))) {
      return said(restored);
    }
    return Optional.empty();
  }

  private String held() {
    return "slipway migrates from " + commands.checkout();
  }

  private static String name(String path) {
    return path.replaceFirst(".*/", "").replaceFirst("\\.(part|facts)$", "");
  }

  /** Whether two scripts are the same, whatever their arguments. */
  private static boolean same(ShellCommand command, ShellCommand example) {
    return command.arguments().size() > 2
        && command.arguments().get(0).equals("sh")
        && command.arguments().get(2).equals(example.arguments().get(2));
  }

  /** Whether two questions to psql are the same, whatever their variables. */
  private static boolean sameQuestion(ShellCommand command, ShellCommand example) {
    return command.arguments().get(0).equals("docker")
        && command.input().isPresent()
        && command.input().equals(example.input());
  }

  private static Optional<CommandResult> said(String text) {
    return Optional.of(PretendServer.said(text));
  }
}
