package dev.slipway.deploy.lock;

import dev.slipway.ExitCode;
import dev.slipway.Json;
import dev.slipway.SlipwayException;
import dev.slipway.command.CommandResult;
import dev.slipway.command.HostCommands;
import dev.slipway.command.LockCommands;
import dev.slipway.command.Shell;
import dev.slipway.command.ShellCommand;
import dev.slipway.deploy.server.Heartbeat;
import dev.slipway.deploy.server.Undisturbed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's deploy lock while it is held; closing gives it back.
 *
 * <p>While it is held it gives a sign of life nine times within its time to live. A holder that was
 * silent for longer is dead, and its lock is taken over by the next who asks.
 */
public final class DeployLock implements AutoCloseable {

  /** How long a holder may be silent, unless a test says otherwise. */
  public static final Duration TIME_TO_LIVE = Duration.ofSeconds(90);

  private static final Logger LOG = LoggerFactory.getLogger(DeployLock.class);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int BEATS = 9;

  private final Shell shell;
  private final LockCommands commands;
  private final String owner;
  private final Heartbeat heartbeat;
  private @Nullable SlipwayException loss;

  private DeployLock(Shell shell, LockCommands commands, Owner owner) {
    this.shell = shell;
    this.commands = commands;
    this.owner = Json.line(owner);
    Duration timeToLive = owner.timeToLive().orElse(TIME_TO_LIVE);
    this.heartbeat =
        Heartbeat.every(
            timeToLive.dividedBy(BEATS), () -> shell.run(commands.renew(this.owner), DEADLINE));
  }

  /**
   * Who holds the lock.
   *
   * @param by the CI job's URL, or user and machine
   * @param commit what is being deployed
   * @param since when it was taken, by the holder's clock
   * @param origin where the holder runs; absent in locks of earlier versions
   * @param timeToLive how long the holder may be silent; absent when it has no heartbeat
   */
  public record Owner(
      String by,
      String commit,
      Instant since,
      Optional<Deployer.Origin> origin,
      Optional<Duration> timeToLive) {

    /** An owner who gives no sign of life, as earlier versions wrote it. */
    public static Owner of(String by, String commit, Instant since) {
      return new Owner(by, commit, since, Optional.empty(), Optional.empty());
    }

    /** This deployer with what it deploys. */
    public static Owner of(Deployer deployer, String commit, Instant since) {
      return new Owner(
          deployer.by(), commit, since, Optional.of(deployer.origin()), Optional.of(TIME_TO_LIVE));
    }

    /** The same owner, with another time to live. */
    Owner living(Duration time) {
      return new Owner(by, commit, since, origin, Optional.of(time));
    }

    @Override
    public String toString() {
      return by
          + origin.map(where -> " (" + where + ")").orElse("")
          + ", who deploys "
          + commit
          + " since "
          + since;
    }
  }

  /**
   * Takes the lock, or fails with who holds it, since when, and when that was last heard of.
   *
   * @param takenOver told of a dead holder whose lock this one is now
   */
  public static DeployLock take(
      Shell shell, HostCommands commands, Owner owner, Consumer<LockHolder> takenOver) {
    LockCommands lock = commands.lock();
    String text = Json.line(owner);
    CommandResult result = tryTo(shell, lock, lock.take(text), text);
    Optional<LockHolder> dead = LockHolder.in(result).filter(LockHolder::isDead);
    if (!result.succeeded() && dead.isPresent()) {
      LockHolder before = dead.get();
      result = tryTo(shell, lock, lock.takeOver(before.written(), before.timeToLive(), text), text);
      if (result.succeeded()) {
        takenOver.accept(before);
      }
    }
    if (!result.succeeded()) {
      throw refusal(result);
    }
    return new DeployLock(shell, lock, owner);
  }

  private static SlipwayException refusal(CommandResult result) {
    return LockHolder.in(result)
        .map(
            holder ->
                new SlipwayException(
                    ExitCode.LOCKED,
                    "The server is locked by " + holder + ".",
                    "Wait for that deployment to end. The lock of a dead one is taken over "
                        + holder.timeToLive().toSeconds()
                        + " s after its last sign of life; `slipway unlock --force` does not wait."))
        .orElseGet(
            () ->
                SlipwayException.refused(
                    "The lock could not be taken on the server: " + result.tail(2) + ".",
                    "The deploying user must be able to write there, and the server needs flock"
                        + " (of util-linux or busybox)."));
  }

  /** A lock that was taken although its command was cut short is given back. */
  private static CommandResult tryTo(
      Shell shell, LockCommands commands, ShellCommand take, String owner) {
    try {
      return shell.run(take, DEADLINE);
    } catch (SlipwayException cutShort) {
      Undisturbed.run(() -> shell.run(commands.giveBack(owner), DEADLINE));
      throw cutShort;
    }
  }

  /** Who holds the lock now, and how long that was silent. */
  public static Optional<LockHolder> look(Shell shell, HostCommands commands) {
    return LockHolder.in(shell.run(commands.lock().look(), DEADLINE));
  }

  /** Who holds the lock now. */
  public static Optional<Owner> holder(Shell shell, HostCommands commands) {
    return look(shell, commands).map(LockHolder::owner);
  }

  /**
   * Makes sure, before something is changed, that the lock is still held.
   *
   * @throws SlipwayException when it was taken away meanwhile: then nothing more may be touched
   */
  public void requireHeld() {
    CommandResult result = shell.run(commands.renew(owner), DEADLINE);
    if (!result.succeeded()) {
      loss = takenAway(LockHolder.in(result));
      throw loss;
    }
  }

  /** How the lock was lost; empty while it is held, or when the server does not tell. */
  public Optional<SlipwayException> loss() {
    if (loss == null) {
      try {
        requireHeld();
      } catch (SlipwayException lostOrNotTold) {
        LOG.debug("the lock cannot be confirmed", lostOrNotTold);
      }
    }
    return Optional.ofNullable(loss);
  }

  /** Gives the lock back; one that somebody else has taken meanwhile is left to them, and told. */
  @Override
  public void close() {
    heartbeat.close();
    if (loss != null) {
      return;
    }
    CommandResult result = Undisturbed.run(() -> shell.run(commands.giveBack(owner), DEADLINE));
    if (!result.succeeded()) {
      Optional<LockHolder> other = LockHolder.in(result);
      throw other.isPresent() ? takenAway(other) : notGivenBack(result);
    }
  }

  private static SlipwayException takenAway(Optional<LockHolder> other) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "This run's lock was taken away meanwhile"
            + other.map(holder -> " and is held by " + holder).orElse("")
            + ": the two may have undone each other's work.",
        "Nothing more was touched. Wait for any other deployment to end, then look at `slipway status` and"
            + " deploy what is to serve.");
  }

  private static SlipwayException notGivenBack(CommandResult result) {
    return new SlipwayException(
        ExitCode.UNKNOWN_STATE,
        "The lock could not be given back: " + result.tail(2) + ".",
        "Run `slipway unlock --force`.");
  }
}
