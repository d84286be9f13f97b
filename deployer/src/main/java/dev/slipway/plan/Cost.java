package dev.slipway.plan;

/**
 * What users of the platform would notice of a plan, told before it is carried out.
 *
 * @param service whose replacement costs it
 * @param what how much, such as {@code up to 1 s without an answer}
 * @param why with file and line
 * @param fix how to be rid of it
 */
public record Cost(String service, String what, String why, String fix) {

  @Override
  public String toString() {
    return service + ": " + what + ", since " + why + ". " + fix;
  }
}
