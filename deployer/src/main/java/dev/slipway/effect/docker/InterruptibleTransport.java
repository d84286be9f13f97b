package dev.slipway.effect.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.io.IOException;

/** Says in Slipway's terms that a request ended because its thread was interrupted. */
record InterruptibleTransport(DockerHttpClient transport) implements DockerHttpClient {

  @Override
  public Response execute(Request request) {
    try {
      return transport.execute(request);
    } catch (RuntimeException failure) {
      // A socket that an interrupt closes leaves the mark of it on the thread.
      if (!Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      throw new SlipwayException(
          ExitCode.REFUSED,
          "Interrupted while the Docker Engine is at work.",
          "Run it again.",
          failure);
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
