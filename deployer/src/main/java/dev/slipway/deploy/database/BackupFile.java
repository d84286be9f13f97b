package dev.slipway.deploy.database;

import dev.slipway.command.DatabaseCommands;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup on the server.
 *
 * @param name the file's name, which tells when it was taken, of which release and revision
 * @param bytes how large the file is
 * @param checksum what its checksum says
 * @param tables how many tables it holds; 0 where that was not noted
 * @param beforeRestore whether a restore has taken it of what it was about to replace
 */
public record BackupFile(
    String name, long bytes, Checksum checksum, int tables, boolean beforeRestore) {

  /** The oldest first, as their names begin with the time. */
  static final Comparator<BackupFile> BY_TIME = Comparator.comparing(BackupFile::name);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern NAME =
      Pattern.compile("(\\d{8}T\\d{6}Z)-([0-9a-f]{12})-([A-Za-z0-9_.]+)\\.dump");
  private static final String NO_REVISION = "none";

  /** What a checksum says of its file. */
  public enum Checksum {
    /** The file is as it was written. */
    GOOD,
    /** The file has changed. */
    BAD,
    /** There is none. */
    MISSING,
    /** Nobody has looked. */
    UNCHECKED
  }

  /** The name of a backup that is taken now. */
  static String name(Instant at, String release, Optional<String> revision) {
    String commit = release.substring(0, Math.min(12, release.length()));
    return TIME.format(at)
        + "-"
        + commit
        + "-"
        + revision.map(BackupFile::part).orElse(NO_REVISION)
        + ".dump";
  }

  private static String part(String revision) {
    return revision.replaceAll("[^A-Za-z0-9_.]+", "_");
  }

  /** Whether it was taken when the schema was at this revision. */
  boolean holds(String revision) {
    return revision().equals(Optional.of(part(revision)));
  }

  /** Reads a line of the list. */
  static BackupFile parse(String line) {
    String[] fields = line.split("\t", -1);
    return new BackupFile(
        fields[0],
        Long.parseLong(fields[1].strip()),
        Checksum.valueOf(fields[2].toUpperCase(Locale.ROOT)),
        fields[3].isBlank() ? 0 : Integer.parseInt(fields[3].strip()),
        fields[4].strip().equals("1"));
  }

  /** When it was taken, where its name tells. */
  public Optional<Instant> taken() {
    return part(1).map(text -> TIME.parse(text, Instant::from));
  }

  /** The beginning of the commit that served then, where its name tells. */
  public Optional<String> release() {
    return part(2);
  }

  /** The schema revision that it holds, where its name tells. */
  public Optional<String> revision() {
    return part(3).filter(text -> !text.equals(NO_REVISION));
  }

  /** What it holds, in words; the facts are those that were noted when it was taken. */
  public String content(Set<String> facts) {
    long rows =
        facts.stream()
            .filter(fact -> fact.startsWith(DatabaseCommands.FACT + "rows "))
            .mapToLong(fact -> Long.parseLong(fact.substring(fact.lastIndexOf(' ') + 1)))
            .sum();
    return rows
        + " rows in "
        + tables
        + " tables at "
        + revision().map(revision -> "revision " + revision).orElse("no revision")
        + taken().map(taken -> ", as they were on " + taken).orElse("")
        + release().map(release -> " with release " + release).orElse("");
  }

  /** Its size as people read it. */
  public String size() {
    return DatabaseShell.size(bytes);
  }

  private Optional<String> part(int group) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Optional.ofNullable(matcher.group(group)) : Optional.empty();
  }
}
