package dev.slipway.effect.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import dev.slipway.ExitCode;
import dev.slipway.SlipwayException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Says in Slipway's terms that a request ended because its thread was interrupted. */
final class InterruptibleTransport {

  private InterruptibleTransport() {}

  /**
   * The same transport, whose requests end with {@link ExitCode#REFUSED} when they are interrupted.
   * A proxy, since the types of its methods carry annotations that are not on the class path.
   */
  static DockerHttpClient around(DockerHttpClient transport) {
    return (DockerHttpClient)
        Proxy.newProxyInstance(
            DockerHttpClient.class.getClassLoader(),
            new Class<?>[] {DockerHttpClient.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(transport, arguments);
              } catch (InvocationTargetException failure) {
                throw Thread.currentThread().isInterrupted()
                    ? interrupted(failure.getTargetException())
                    : failure.getTargetException();
              }
            });
  }

  private static SlipwayException interrupted(Throwable cause) {
    return new SlipwayException(
        ExitCode.REFUSED,
        "Interrupted while the Docker Engine is at work.",
        "Run it again.",
        cause);
  }
}
