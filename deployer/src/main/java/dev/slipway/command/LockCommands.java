package dev.slipway.command;

import dev.slipway.Secret;
import java.time.Duration;

/**
 * The deploy lock on the server: a folder with a file whose first line names the owner, and whose
 * time of change is the owner's heartbeat, so that no clock but the server's counts.
 *
 * <p>Each command works alone, under flock(1) on the state folder, which the kernel lifts when the
 * command ends, however it ends. One that does not do what it is asked to prints who holds the
 * lock: the seconds since the last heartbeat, and on the next line the owner.
 *
 * @param stateDirectory the folder that the lock lies in
 */
public record LockCommands(String stateDirectory) {

  /** Validates. */
  public LockCommands {
    ShellCommand.absolute(stateDirectory);
  }

  /**
   * Before the lock of the folder, which nobody must wait for when a connection dies before the
   * rest of a command has arrived.
   */
  private static final String TOLD =
      """
      told=$(cat)
      [ -n "$told" ] || exit 2
      """;

  private static final String ALONE =
      """
      exec 9<"$1" && flock 9 || exit 2
      lock=$1/lock owner=$1/lock/owner
      owner() { head -n 1 "$owner" 2>/dev/null; }
      age() { echo $(($(date +%s) - $(stat -c %Y "$owner" 2>/dev/null || stat -c %Y "$lock"))); }
      refuse() { [ ! -d "$lock" ] || { age; owner; }; exit 1; }
      """;

  private static final String TAKE =
      """
      mkdir "$lock" 2>/dev/null || { [ -d "$lock" ] && refuse; mkdir "$lock" || exit 2; }
      printf %s "$told" > "$owner" || { rm -rf "$lock"; exit 2; }
      """;

  private static final String TAKE_OVER =
      """
      dead=$(printf '%s\\n' "$told" | head -n 1) heir=$(printf '%s\\n' "$told" | tail -n +2)
      [ ! -d "$lock" ] || { [ "$(owner)" = "$dead" ] && [ "$(age)" -ge "$2" ]; } || refuse
      mkdir -p "$lock" && printf %s "$heir" > "$owner.new" && mv -f "$owner.new" "$owner" || exit 2
      """;

  private static final String RENEW = "[ \"$(owner)\" = \"$told\" ] || refuse; touch \"$owner\"";

  private static final String GIVE_BACK =
      """
      [ -d "$lock" ] || exit 0
      [ "$(owner)" = "$told" ] || refuse
      rm -rf "$lock"
      """;

  /** Takes the lock when nobody holds it; keeps none whose owner cannot be written. */
  public ShellCommand take(String owner) {
    return told(TAKE, ShellCommand.oneLine(owner));
  }

  /**
   * Takes the lock when nobody holds it, or when this owner does and gave no sign of life for so
   * long: of several who take over from the same owner, one succeeds.
   *
   * @param dead the owner as it was printed
   */
  public ShellCommand takeOver(String dead, Duration silence, String owner) {
    return told(TAKE_OVER, ShellCommand.oneLine(dead) + "\n" + ShellCommand.oneLine(owner))
        .with(Long.toString(silence.toSeconds()));
  }

  /** Gives a sign of life; fails when this owner does not hold the lock any more. */
  public ShellCommand renew(String owner) {
    return told(RENEW, ShellCommand.oneLine(owner));
  }

  /** Prints who holds the lock; nothing when nobody does. */
  public ShellCommand look() {
    return alone("(refuse) || true");
  }

  /** Gives the lock back if this owner holds it; succeeds when nobody holds it. */
  public ShellCommand giveBack(String owner) {
    return told(GIVE_BACK, ShellCommand.oneLine(owner));
  }

  /** Takes the lock away, whoever holds it; succeeds when nobody does. */
  public ShellCommand takeAway() {
    return alone("rm -rf \"$lock\"");
  }

  private ShellCommand told(String script, String text) {
    return run(TOLD + ALONE + script).reading(Secret.of(text));
  }

  private ShellCommand alone(String script) {
    return run(ALONE + script);
  }

  private ShellCommand run(String script) {
    return ShellCommand.script(script, stateDirectory);
  }
}
