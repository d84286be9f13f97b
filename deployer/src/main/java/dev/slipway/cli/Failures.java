package dev.slipway.cli;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells why a command was not done: in words on standard error and, if asked for, as JSON. */
final class Failures {

  private final PrintStream out;
  private final PrintStream error;
  private final StepDisplay.Look look;
  private final Redaction redaction;
  private final boolean json;

  /** {@code look}: where standard error goes. */
  Failures(
      PrintStream out,
      PrintStream error,
      StepDisplay.Look look,
      Redaction redaction,
      String... arguments) {
    this.out = out;
    this.error = error;
    this.look = look;
    this.redaction = redaction;
    this.json = List.of(arguments).contains("--json");
  }

  /** What programs read. */
  record Failure(String error, String advice, int exitCode) {}

  int tell(Exception failure) {
    DeployLog log = new DeployLog(line -> error.println(look.of(line)), redaction);
    if (failure instanceof SlipwayException known) {
      log.failed(known);
      logger().debug("cause: {}", trace(known));
      return tellPrograms(known.what(), known.advice(), known.exitCode());
    }
    log.note("slipway failed: " + failure);
    logger()
        .error("This is a fault in slipway; please report it with these lines. {}", trace(failure));
    return tellPrograms(
        "slipway failed: " + failure,
        "This is a fault in slipway; please report it with what standard error says.",
        ExitCode.INTERNAL_ERROR);
  }

  /** Arguments that cannot be understood. */
  int tell(ParameterException misuse) {
    CommandLine line = misuse.getCommandLine();
    String advice = "`" + line.getCommandSpec().qualifiedName() + " --help` says what there is.";
    String what = String.valueOf(misuse.getMessage());
    PrintWriter told = line.getErr();
    CommandLine.Help.ColorScheme colours =
        CommandLine.Help.defaultColorScheme(
            look == StepDisplay.Look.COLOURED
                ? CommandLine.Help.Ansi.ON
                : CommandLine.Help.Ansi.OFF);
    told.println(colours.errorText(what));
    if (!UnmatchedArgumentException.printSuggestions(misuse, told)) {
      line.usage(told, colours);
    }
    told.println(advice);
    return tellPrograms(what, advice, ExitCode.REFUSED);
  }

  private int tellPrograms(String what, String advice, ExitCode code) {
    if (json) {
      out.println(Json.line(new Failure(what, advice, code.status())));
    }
    return code.status();
  }

  /** Only what fails needs one, and making the first takes as long as connecting. */
  private static Logger logger() {
    return LoggerFactory.getLogger(SlipwayCli.class);
  }

  /** A stack trace without secrets: a message in it may quote what a command printed. */
  private String trace(Exception failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return redaction.apply(text.toString());
  }
}
