package dev.slipway.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/**
 * Diagnostics on standard error, by {@code SLIPWAY_LOG}. Not a logback.xml, which takes a tenth of
 * a second to read at each start.
 *
 * @see <a href="https://logback.qos.ch/manual/configuration.html">Logback, configuration</a>
 */
public final class ConsoleLogging extends ContextAwareBase implements Configurator {

  /** What goes over the wire to the engine: logins, and whole images. */
  private static final List<String> NEVER =
      List.of(
          "com.github.dockerjava.zerodep.shaded.org.apache.hc.client5.http.headers",
          "com.github.dockerjava.zerodep.shaded.org.apache.hc.client5.http.wire");

  /** Tests have a file, which is left to be read. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (getClass().getResource("/logback-test.xml") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    apply(context);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static void apply(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    // Who did not ask for diagnostics gets what concerns everybody, as a plain line.
    encoder.setPattern(
        System.getenv("SLIPWAY_LOG") == null
            ? "%msg%n"
            : "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    NEVER.forEach(name -> context.getLogger(name).setLevel(Level.OFF));
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv("SLIPWAY_LOG"), Level.WARN));
    root.addAppender(console);
  }
}
