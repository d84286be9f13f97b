package dev.slipway.effect.ssh;

import dev.slipway.Secret;
import dev.slipway.command.CommandResult;
import dev.slipway.command.ShellCommand;
import dev.slipway.effect.process.LocalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keys made by {@code ssh-keygen} for one test run. */
public final class TestKeys {

  private TestKeys() {}

  /** Makes a key pair; {@code options} as {@code ssh-keygen} takes them. */
  public static Path generate(Path folder, String name, String passphrase, String... options) {
    Path file = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", passphrase));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("-C", name, "-f", file.toString()));
    keygen(arguments);
    return file;
  }

  /** Makes an ed25519 key in PKCS#8, which {@code ssh-keygen} does not write. */
  static Path generateByOpenSsl(Path folder, String name, String passphrase) {
    Path file = folder.resolve(name);
    List<String> words =
        new ArrayList<>(List.of("openssl", "genpkey", "-algorithm", "ed25519", "-out"));
    words.add(file.toString());
    if (!passphrase.isEmpty()) {
      words.addAll(List.of("-aes-256-cbc", "-pass", "pass:" + passphrase));
    }
    keygen(words);
    keygen(List.of("chmod", "600", file.toString()));
    // ssh-keygen before OpenSSH 9.6 cannot read such a key, sshd sees its public half alone.
    Secret secret = Secret.of(file.toString());
    PublicKey open = SshKey.parse(secret, Optional.of(Secret.of(passphrase))).publicKey();
    try {
      Files.writeString(Path.of(file + ".pub"), open.line() + "\n");
    } catch (IOException unwritable) {
      throw new AssertionError(unwritable);
    }
    return file;
  }

  /** The public half, as {@code ssh-keygen} wrote it. */
  static PublicKey publicKey(Path privateKey) {
    String[] words = read(Path.of(privateKey + ".pub")).split(" ", -1);
    return new PublicKey(words[0], words[1]);
  }

  /** The fingerprint, as {@code ssh-keygen -l} prints it. */
  static String fingerprint(Path privateKey) {
    return keygen(List.of("ssh-keygen", "-lf", privateKey + ".pub")).split(" ", -1)[1];
  }

  /** The lines of a known_hosts file with the names of its hosts hashed. */
  static String hashed(Path folder, String lines) {
    Path file = folder.resolve("known_hosts");
    try {
      Files.writeString(file, lines);
    } catch (IOException unwritable) {
      throw new AssertionError(unwritable);
    }
    keygen(List.of("ssh-keygen", "-H", "-f", file.toString()));
    return read(file);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  private static String keygen(List<String> arguments) {
    CommandResult result =
        new LocalProcess().run(ShellCommand.of(arguments), Duration.ofSeconds(60));
    if (!result.succeeded()) {
      throw new AssertionError(result.tail(5));
    }
    return result.standardOutput();
  }
}
