package dev.slipway.effect.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;

/** What opens an account on a server: a private key, or an agent that keeps some. */
public sealed interface SshIdentity permits SshKey, SshAgent {

  /** Lets the library log in with it. */
  void offerTo(JSch library) throws JSchException;

  /** What a message calls it, after the word "with". */
  String described();

  /** The line that the server's {@code authorized_keys} needs, as far as it is known here. */
  String authorizedKey();
}
