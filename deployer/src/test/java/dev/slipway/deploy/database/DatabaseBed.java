package dev.slipway.deploy.database;

import dev.slipway.command.CommandResult;
import dev.slipway.command.DatabaseCommands;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.log.DeployLog;
import dev.slipway.deploy.log.Redaction;
import dev.slipway.effect.process.LocalProcess;
import dev.slipway.plan.ContainerState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** A real PostgreSQL in a container, this machine in place of the server, and what was logged. */
final class DatabaseBed implements AutoCloseable {

  static final String IMAGE = "postgres:15";

  private static final Duration SHORT = Duration.ofSeconds(60);

  final LocalProcess shell = new LocalProcess();
  final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  final DeployLog log = new DeployLog(lines::add, new Redaction(List.of()));
  final Clock clock = Clock.systemUTC();
  final DatabaseCommands commands;
  final DatabaseShell databaseShell;

  private final Network network = Network.newNetwork();
  private final GenericContainer<?> postgres;

  DatabaseBed(Path checkout) {
    commands = new DatabaseCommands(checkout.toString());
    databaseShell = new DatabaseShell(shell, log, clock);
    postgres =
        new GenericContainer<>(IMAGE)
            .withNetwork(network)
            .withNetworkAliases("database")
            .withEnv("POSTGRES_USER", "platform")
            .withEnv("POSTGRES_PASSWORD", "made-up")
            .waitingFor(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1"));
    postgres.start();
  }

  String container() {
    return postgres.getContainerId();
  }

  String network() {
    return network.getId();
  }

  ContainerState state() {
    String image =
        shell
            .run(ShellCommand.of("docker", "inspect", "--format", "{{.Image}}", container()), SHORT)
            .standardOutput()
            .strip();
    return new ContainerState(
        container(), IMAGE, image, "running", Optional.empty(), Map.of(), 0, 0);
  }

  /** What statements print; a failure fails the test. */
  String sql(String statements) {
    CommandResult result = shell.run(commands.execute(container(), "platform", statements), SHORT);
    if (!result.succeeded()) {
      throw new AssertionError(statements + ": " + result.standardError());
    }
    return result.standardOutput().strip();
  }

  /** Puts a program before one of PostgreSQL's own; the real one is {@code $real}. */
  void replace(String program, String script) {
    String real =
        shell
            .run(
                ShellCommand.of("docker", "exec", container(), "sh", "-c", "command -v " + program),
                SHORT)
            .standardOutput()
            .strip();
    postgres.copyFileToContainer(
        Transferable.of("#!/bin/sh\nreal=" + real + "\n" + script + "\n", 0755),
        "/usr/local/bin/" + program);
  }

  void putBack(String program) {
    shell.run(
        ShellCommand.of("docker", "exec", container(), "rm", "/usr/local/bin/" + program), SHORT);
  }

  /** A command that lets psql in a container of its own run a statement, as compose would. */
  ShellCommand client(String name, String statement) {
    return ShellCommand.of(
        "docker",
        "run",
        "--rm",
        "--name",
        name,
        "--network",
        network(),
        IMAGE,
        "psql",
        "-X",
        "-v",
        "ON_ERROR_STOP=1",
        "postgresql://platform:made-up@database/platform",
        "-c",
        statement);
  }

  /** How many sessions the database has that come from elsewhere. */
  String foreignSessions() {
    return sql(
        "select count(*) from pg_stat_activity where datname = 'platform' and client_addr is not null");
  }

  /** Sends one statement from another container, which then stays in its transaction. */
  Thread holding(String name, String statement) {
    Thread thread =
        new Thread(
            () ->
                shell.run(
                    client(name, "begin; " + statement + "; select pg_sleep(600)"),
                    Duration.ofMinutes(11)),
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() {
    postgres.stop();
    network.close();
  }
}
