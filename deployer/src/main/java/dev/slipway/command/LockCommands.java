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
      cat > "$owner" || { rm -rf "$lock"; exit 2; }
      """;

  private static final String TAKE_OVER =
      """
      IFS= read -r dead
      [ ! -d "$lock" ] || { [ "$(owner)" = "$dead" ] && [ "$(age)" -ge "$2" ]; } || refuse
      mkdir -p "$lock" && cat > "$owner.new" && mv -f "$owner.new" "$owner" || exit 2
      """;

  private static final String RENEW = "[ \"$(owner)\" = \"$(cat)\" ] || refuse; touch \"$owner\"";

  private static final String GIVE_BACK =
      """
      [ -d "$lock" ] || exit 0
      [ "$(owner)" = "$(cat)" ] || refuse
      rm -rf "$lock"
      """;

  /** Takes the lock when nobody holds it; keeps none whose owner cannot be written. */
  public ShellCommand take(String owner) {
    return alone(TAKE).reading(Secret.of(ShellCommand.oneLine(owner)));
  }

  /**
   * Takes the lock when nobody holds it, or when this owner does and gave no sign of life for so
   * long: of several who take over from the same owner, one succeeds.
   *
   * @param dead the owner as it was printed
   */
  public ShellCommand takeOver(String dead, Duration silence, String owner) {
    return alone(TAKE_OVER)
        .with(Long.toString(silence.toSeconds()))
        .reading(Secret.of(ShellCommand.oneLine(dead) + "\n" + ShellCommand.oneLine(owner)));
  }

  /** Gives a sign of life; fails when this owner does not hold the lock any more. */
  public ShellCommand renew(String owner) {
    return alone(RENEW).reading(Secret.of(ShellCommand.oneLine(owner)));
  }

  /** Prints who holds the lock; nothing when nobody does. */
  public ShellCommand look() {
    return alone("(refuse) || true");
  }

  /** Gives the lock back if this owner holds it; succeeds when nobody holds it. */
  public ShellCommand giveBack(String owner) {
    return alone(GIVE_BACK).reading(Secret.of(ShellCommand.oneLine(owner)));
  }

  /** Takes the lock away, whoever holds it; succeeds when nobody does. */
  public ShellCommand takeAway() {
    return alone("rm -rf \"$lock\"");
  }

  private ShellCommand alone(String script) {
    return ShellCommand.of("sh", "-c", ALONE + script, "slipway", stateDirectory);
  }
}
