package dev.slipway.effect.docker;

import com.github.dockerjava.api.model.Version;
import dev.slipway.SlipwayException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.util.Optional;

/** Chooses the version of the API that Slipway and an engine both speak. */
final class EngineApi {

  /** The oldest API that Slipway works with: Engine 20.10. */
  private static final String OLDEST = "1.41";

  private EngineApi() {}

  /**
   * The oldest version that both know; an engine may have forgotten older ones, as Engine 29 did
   * with those before 1.44.
   *
   * @param address where the engine answers, for the message
   * @param answered what it says of itself
   * @throws SlipwayException when it is older than Slipway can use
   */
  static String choose(URI address, Version answered) {
    String newest = String.valueOf(answered.getApiVersion());
    if (older(newest, OLDEST)) {
      throw SlipwayException.refused(
          "The Docker Engine at "
              + address
              + " speaks API "
              + newest
              + ", Slipway needs "
              + OLDEST
              + ".",
          "Upgrade to Docker Engine 20.10 or newer.");
    }
    return Optional.ofNullable(answered.getMinAPIVersion())
        .filter(minimum -> older(OLDEST, minimum))
        .orElse(OLDEST);
  }

  /** Whether one version is older than the other; what is no version is older than any. */
  static boolean older(String found, String wanted) {
    try {
      return ModuleDescriptor.Version.parse(found).compareTo(ModuleDescriptor.Version.parse(wanted))
          < 0;
    } catch (IllegalArgumentException noVersion) {
      return true;
    }
  }
}
