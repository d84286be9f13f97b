package dev.slipway.deploy.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.deploy.database.BackupFile.Checksum;
import dev.slipway.platform.BackupSettings.Mode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackupFileTest {

  private static final long MIB = 1024 * 1024;

  @Test
  void tellsTimeReleaseAndRevisionByItsName() {
    Instant at = Instant.parse("2026-01-14T09:30:00.5Z");
    String name = BackupFile.name(at, "4f2a91c07b3d".repeat(3), Optional.of("ab-12"));

    assertThat(name).isEqualTo("20260114T093000Z-4f2a91c07b3d-ab_12.dump");
    BackupFile file = new BackupFile(name, 2048, Checksum.GOOD, 3, false);
    assertThat(file.taken()).contains(Instant.parse("2026-01-14T09:30:00Z"));
    assertThat(file.release()).contains("4f2a91c07b3d");
    assertThat(file.revision()).contains("ab_12");
    assertThat(file.holds("ab-12")).isTrue();
    assertThat(file.holds("ab")).isFalse();
    assertThat(file.size()).isEqualTo("2.0 KiB");
  }

  @Test
  void isListedUnderWhateverNameSomebodyGaveIt() {
    BackupFile file = BackupFile.parse("by hand.dump\t17\tmissing\t\t");

    assertThat(file).isEqualTo(new BackupFile("by hand.dump", 17, Checksum.MISSING, 0, false));
    assertThat(file.taken()).isEmpty();
    assertThat(file.revision()).isEmpty();
  }

  @Test
  void keepsTheNewestOfEachNeededSchemaAndThoseThatAreNamed() {
    List<BackupFile> all =
        Stream.of("rev1", "rev1", "rev2", "rev3")
            .map(revision -> BackupFile.name(Instant.EPOCH, "a".repeat(40), Optional.of(revision)))
            .map(name -> new BackupFile(name, 1, Checksum.UNCHECKED, 1, false))
            .toList();
    NeededBackups needed =
        new NeededBackups(Set.of("rev1", "rev4"), Set.of()).and(all.get(2).name());

    assertThat(needed.among(all)).containsExactlyInAnyOrder(all.get(1).name(), all.get(2).name());
  }

  @Test
  void saysOnlyWhatOneOfTwoHas() {
    BackupProof.compare(Set.of("fact a"), Set.of("fact a"));

    assertThatThrownBy(() -> BackupProof.compare(Set.of("fact a"), Set.of("fact b")))
        .hasMessage(
            "The backup does not bring back what the database has: the database has `a`; the copy has `b`.");
  }

  @Test
  void needsRoomForTheCopyAndForItsProof() {
    BackupRoom together = BackupRoom.parse("/dev/a 1 1 1048576 1% /\n/dev/a 1 1 1048576 1% /\n");
    together.requireFor(200 * MIB, Mode.RESTORE, "/b");
    assertThatThrownBy(() -> together.requireFor(210 * MIB, Mode.RESTORE, "/b"))
        .hasMessage(
            "There is no room for the backup in /b: 1.0 GiB are free, 1.0 GiB are needed for a database of 210.0 MiB.");
    together.requireFor(760 * MIB, Mode.READ, "/b");

    BackupRoom apart = BackupRoom.parse("/dev/a 1 1 1048576 1% /\n/dev/b 1 1 600000 1% /x y\n");
    apart.requireFor(40 * MIB, Mode.RESTORE, "/b");
    assertThatThrownBy(() -> apart.requireFor(60 * MIB, Mode.RESTORE, "/b"))
        .hasMessageStartingWith("There is no room for a copy among the engine's volumes: ");
    apart.requireFor(60 * MIB, Mode.READ, "/b");
    assertThatThrownBy(() -> BackupRoom.parse("df: no such file\n"))
        .hasMessageStartingWith("The free space is not known");
  }
}
