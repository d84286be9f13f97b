package dev.slipway.ledger;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The append-only record of what happened on the server. */
public final class Ledger {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Shell shell;
  private final HostCommands commands;

  /** The ledger behind a shell. */
  public Ledger(Shell shell, HostCommands commands) {
    this.shell = shell;
    this.commands = commands;
  }

  /** Reads every event. */
  public History read() {
    CommandResult result = shell.run(commands.readLedger(), DEADLINE);
    if (!result.succeeded()) {
      throw SlipwayException.refused(
          "The ledger " + commands.ledgerFile() + " cannot be read: " + result.tail(3) + ".",
          "Give the deploying user the right to read it.");
    }
    List<LedgerEntry> entries = new ArrayList<>();
    int number = 0;
    for (String line : whole(result.standardOutput()).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        entries.add(parse(line, number));
      }
    }
    return new History(entries);
  }

  /** Without half an event at the end, of which nobody was told that it was written. */
  private static String whole(String text) {
    return text.endsWith("\n") || text.endsWith("}")
        ? text
        : text.substring(0, text.lastIndexOf('\n') + 1);
  }

  /** Appends an event. */
  public void append(LedgerEntry entry) {
    CommandResult result = shell.run(commands.appendLedger(Json.line(entry)), DEADLINE);
    if (!result.succeeded()) {
      throw new SlipwayException(
          ExitCode.UNKNOWN_STATE,
          "The ledger " + commands.ledgerFile() + " cannot be written: " + result.tail(3) + ".",
          "The platform serves what the last lines above say; make room or mend the rights, then deploy again.");
    }
  }

  private LedgerEntry parse(String line, int number) {
    try {
      LedgerEntry entry = Json.read(line, LedgerEntry.class);
      entry.release().requireNames();
      return entry;
    } catch (IllegalArgumentException | NullPointerException e) {
      throw SlipwayException.refused(
          "Line "
              + number
              + " of the ledger "
              + commands.ledgerFile()
              + " is garbled: "
              + e.getMessage()
              + ".",
          "Move that line to another file by hand; the ledger is never repaired silently.");
    }
  }
}
